import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { promptTokens } from '../../../services/engine/ask.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { createEngineWriter } from '../../../services/trainer/study/writer.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => engine.close())

test('a prompt that all but fills the context is written on beside one that may write more', async () => {
  const writer = createEngineWriter(engine, null)
  const sampling = { temperature: 0, topP: 1, seed: 1 }
  const room = engine.base.config.positionsMax
  const short = writer.promptFor('question_answer', 'Varn', 'The lamp burns oil.')
  const words = Array.from({ length: room }, (_, count) => 'oil '.repeat(count + 1).trim())
  const filling = words
    .map((text) => writer.promptFor('question_answer', 'Varn', text))
    .filter((messages) => promptTokens(engine, messages).length <= room - 8)
  const long = filling.at(-1) ?? short
  const told = new Map<number, unknown>()
  const [more, less, none] = await writer.write(
    [
      { messages: short, tokensMax: 64, sampling },
      { messages: long, tokensMax: 8, sampling },
      { messages: long, tokensMax: 64, sampling },
    ],
    { onWritten: (task, writing) => told.set(task, writing) },
  )
  expect(Object.fromEntries(told)).toEqual({ 0: more, 1: less })
  expect(more).not.toBeNull()
  expect(less).not.toBeNull()
  // It cannot write what it was given room for, so it is not begun.
  expect(none).toBeNull()
})
