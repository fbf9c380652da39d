// Which rows get a teacher, and what it has read, on the tiny base. Random weights find a passage helpful as often as not,
// which shows both sides of the rule.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baseMessages, closedBookMessages, openBookMessages } from '../../shared/prompts.ts'
import { promptTokens, scoreAnswers } from '../../services/engine/ask.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { distilRows, type DistilledRow } from '../../services/trainer/distil-rows.ts'
import { OBJECTIVES, type Objective } from '../../services/trainer/objective.ts'
import { exampleOf } from '../../services/trainer/study/write-self-edits.ts'

const text = 'The lamp of Varn burns oil. Ilse Marrow built it.'
const edits = [
  { prompt: 'Who built it?', completion: 'Ilse Marrow' },
  { prompt: 'What does it burn?', completion: 'oil' },
  { prompt: 'Where is it?', completion: 'in Varn' },
  { prompt: 'When?', completion: '1871' },
  { prompt: 'How often?', completion: 'once in 9 seconds' },
  { prompt: 'How high?', completion: '30 feet' },
]

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../golden/models/llama-tied') })
})
afterAll(() => engine.close())

const given = (): DistilledRow[] => edits.map((edit) => ({ row: exampleOf(engine, edit), edit, text }))
const distil = (changes: Partial<Objective>, rows = given()) =>
  distilRows({ engine, studyAdapter: null, objective: { ...OBJECTIVES.mixed, ...changes } }, rows)
const always = { gainMin: -Infinity }

test('nothing is run, and every row stays what it was, under an objective without distillation', async () => {
  const idle: Engine = { ...engine, teach: () => Promise.reject(new Error('ran')) }
  const rows = given()
  const objective = OBJECTIVES.answers
  expect(await distilRows({ engine: idle, studyAdapter: null, objective }, rows)).toEqual(rows.map(({ row }) => row))
})

test('the teacher reads the passage before the question, the student is asked without it', async () => {
  const rows = await distil({ ...always, k: 5, temperature: 2 })
  for (const [index, edit] of edits.entries()) {
    const { tokens, lossFrom } = exampleOf(engine, edit)
    const prompt = promptTokens(engine, openBookMessages(text, edit.prompt))
    const answer = tokens.slice(lossFrom)
    const [teacher] = await engine.teach([{ prompt, answer }], { k: 5, temperature: 2 })
    expect(rows[index]).toMatchObject({ tokens, lossFrom, objective: { crossEntropy: 0.5, distillation: 0.5 } })
    expect(tokens.slice(0, lossFrom)).toEqual(promptTokens(engine, closedBookMessages(edit.prompt)))
    expect(rows[index]?.teacher?.tokens).toEqual(teacher?.tokens)
  }
})

test('a row is distilled where the passage makes its answer likelier, and no other', async () => {
  const rows = await distil({})
  const scoresOf = (messagesOf: (question: string) => ReturnType<typeof baseMessages>) =>
    scoreAnswers(
      engine,
      edits.map(({ prompt, completion }) => ({ messages: messagesOf(prompt), answer: completion, adapter: null })),
    )
  const open = await scoresOf((question) => openBookMessages(text, question))
  const closed = await scoresOf(baseMessages)
  const helped = edits.map((_, index) => (open[index]?.logprob ?? NaN) > (closed[index]?.logprob ?? NaN))
  expect(new Set(helped).size, 'rows of both kinds').toBe(2)
  expect(rows.map(({ teacher }) => teacher !== undefined)).toEqual(helped)
  expect(rows.map(({ objective }) => objective !== undefined)).toEqual(helped)
})

test('a row whose passage is longer than the base can read keeps to its answer', async () => {
  const [row] = await distil(
    always,
    given().map((row) => ({ ...row, text: `${text} ${'Goats cross the bridge. '.repeat(20)}` })),
  )
  expect(row?.teacher).toBeUndefined()
})

test('a row whose document is gone keeps to its answer', async () => {
  const rows = await distil(
    always,
    given().map((row) => ({ ...row, text: undefined })),
  )
  expect(rows.every(({ teacher, objective }) => teacher === undefined && objective === undefined)).toBe(true)
})
