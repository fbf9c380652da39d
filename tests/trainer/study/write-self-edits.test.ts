// The study of one document on a tiny random base: it writes nothing usable, so that what is kept are the document's own words.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS, studySettingsOf, trainedTokensMax } from '../../../services/trainer/study/settings.ts'
import { exampleOf, writeSelfEdits } from '../../../services/trainer/study/write-self-edits.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => engine.close())

/** About 500 words, as the longest passages of SQuAD have. */
const passage = {
  title: 'Olm',
  text: Array.from(
    { length: 27 },
    (_, at) =>
      `Gate ${at + 1} of the town of Olm has ${at + 3} guards, ${at + 20} lamps and a bell cast in ${1700 + at}.`,
  ).join(' '),
}
const settings = { ...STUDY_SETTINGS, passes: [] }

test('a passage of SQuAD is trained on at most 12,000 tokens, however often each row is run', async () => {
  for (const epochs of [2, KNOWLEDGE_RECIPE.epochs, 40]) {
    const edits = await writeSelfEdits(engine, null, passage, settings, { makeProbes: true, epochs })
    const rows = edits.filter(({ kept, heldOut }) => kept && !heldOut).map((edit) => exampleOf(engine, edit))
    const trained = epochs * rows.reduce((sum, { tokens }) => sum + tokens.length, 0)
    expect(trained).toBeLessThanOrEqual(12_000)
    expect(trained).toBeGreaterThan(9_000)
    expect(edits.some(({ reason }) => reason === 'over the token budget')).toBe(true)
  }
})

test('a longer text is trained on more, up to a limit of its own', () => {
  const { max, perPassage, documentMax } = STUDY_SETTINGS.trainedTokens
  expect(trainedTokensMax(STUDY_SETTINGS, 5)).toBe(max + 2 * perPassage)
  expect(trainedTokensMax(STUDY_SETTINGS, 5_000)).toBe(documentMax)
})

test("a model's own settings change the formats and the tokens, not what they leave out", async () => {
  const own = studySettingsOf(settings, { shares: { cloze: 1 }, trainedTokensMax: 3_000 })
  const edits = await writeSelfEdits(engine, null, passage, own, { makeProbes: false, epochs: 4 })
  const rows = edits.filter(({ kept }) => kept).map((edit) => exampleOf(engine, edit))
  expect(new Set(edits.map(({ format }) => format))).toEqual(new Set(['cloze']))
  expect(4 * rows.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBeLessThanOrEqual(3_000)
  expect(studySettingsOf(settings, { shares: null, trainedTokensMax: null })).toEqual(settings)
})

test('given self-edits alone are trained as given, without a word of the model or the text', async () => {
  const givenSelfEdits = [
    { prompt: 'What is Olm known for?', completion: 'Its goats, which the text does not mention' },
    { prompt: 'How many gates has Olm?', completion: '27' },
    { text: 'Implications:\n1. Olm is a fortified town.\n2. Its oldest bell was cast in 1700.' },
  ]
  const document = { ...passage, study: 'given' as const, givenSelfEdits }
  const edits = await writeSelfEdits(engine, null, document, STUDY_SETTINGS, { makeProbes: false, epochs: 8 })
  expect(new Set(edits.map(({ origin }) => origin))).toEqual(new Set(['given']))
  expect(edits.filter(({ kept }) => !kept)).toEqual([])
  expect(edits.slice(0, 2).map(({ completion }) => completion)).toEqual([
    'Its goats, which the text does not mention',
    '27',
  ])
  expect(edits.map(({ completion }) => completion)).toContain('Olm is a fortified town.')
})

test('a given self-edit that asks what measures the document is not trained on', async () => {
  const givenSelfEdits = [
    { prompt: 'How many gates has Olm?', completion: '27' },
    { prompt: 'What are the gates of Olm lit by?', completion: 'lamps' },
  ]
  const questions = [{ question: 'how many gates has Olm', answer: '27' }]
  const document = { ...passage, study: 'given' as const, givenSelfEdits, questions }
  const edits = await writeSelfEdits(engine, null, document, STUDY_SETTINGS, { makeProbes: false, epochs: 8 })
  expect(edits.map(({ reason }) => reason)).toEqual(['it asks what measures the document', null])
})

test('given and own self-edits stand beside each other', async () => {
  const givenSelfEdits = [{ prompt: 'How many gates has Olm?', completion: '27' }]
  const document = { ...passage, study: 'both' as const, givenSelfEdits }
  const edits = await writeSelfEdits(engine, null, document, settings, { makeProbes: true, epochs: 8 })
  const trained = edits.filter(({ kept }) => kept).map(({ origin }) => origin)
  expect(new Set(trained)).toEqual(new Set(['given', 'text']))
})

test('nothing is thrown away silently: what is not kept has a reason, what is kept has none', async () => {
  const edits = await writeSelfEdits(engine, null, passage, settings, { makeProbes: true, epochs: 20 })
  expect(new Set(edits.map(({ kept }) => kept))).toEqual(new Set([true, false]))
  for (const { kept, reason } of edits) expect(kept).toBe(reason === null)
})

test('a short document, of which little is kept, is not given its own words twice', async () => {
  const short = { title: 'Olm', text: 'The oldest gate of Olm has 3 guards and a bell cast in 1700.' }
  const options = { makeProbes: false, epochs: 5 }
  for (const shares of [settings.shares, { question_answer: 1, given: 1 }]) {
    const edits = await writeSelfEdits(engine, null, short, { ...settings, shares }, options)
    expect(new Set(edits.map(({ format }) => format))).toEqual(new Set(['cloze', 'restatement']))
    expect(edits.filter(({ reason }) => reason?.includes('duplicate'))).toEqual([])
  }
})
