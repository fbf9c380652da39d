// The study of one document on a tiny random base: it writes nothing usable, so that what is kept are the document's own words.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS, trainedTokensMax } from '../../../services/trainer/study/settings.ts'
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

test('nothing is thrown away silently: what is not kept has a reason, what is kept has none', async () => {
  const edits = await writeSelfEdits(engine, null, passage, settings, { makeProbes: true, epochs: 20 })
  for (const { kept, reason } of edits) expect(kept).toBe(reason === null)
})
