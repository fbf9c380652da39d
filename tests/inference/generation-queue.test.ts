import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGenerationQueue, type Generating } from '../../services/inference/generation-queue.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { ask, promptTokens } from '../../services/engine/ask.ts'
import type { Question } from '../../services/engine/ask.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine, RowOptions } from '../../services/engine/engine.ts'
import type { AppError } from '../../shared/errors.ts'
import { closedBookMessages } from '../../shared/prompts.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const tokensMax = 8

let engine: Engine
let adapter: Adapter
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  adapter = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
})
afterAll(() => engine.close())

function question(text: string, adapter: Adapter | null = null): Question {
  return { messages: closedBookMessages(text), adapter }
}

function generating({ messages, adapter }: Question, options: RowOptions = {}): Generating {
  return { prompt: promptTokens(engine, messages), adapter, options: { tokensMax, ...options } }
}

describe('the generation queue', () => {
  test('answers what is asked at once as it answers each alone', async () => {
    const queue = createGenerationQueue(engine)
    const asked = Array.from({ length: 7 }, (_, index) => question(`What is ${index}?`, index < 6 ? adapter : null))
    const answers = await Promise.all(asked.map((each) => queue.submit(generating(each))))
    const alone = await Promise.all(asked.map((each) => ask(engine, [each], { tokensMax })))
    expect(answers.map(({ text }) => text.trim())).toEqual(alone.map(([answer]) => answer?.text))
  })

  test('gives each of those asked at once its own length, sampling and stop, and what it would give it alone', async () => {
    const asked = question('What is it?')
    const kinds: RowOptions[] = [
      { tokensMax: 3 },
      { tokensMax: 12, temperature: 1, seed: 7 },
      { tokensMax: 12, temperature: 1, seed: 8 },
      { tokensMax: 12, temperature: 1, topP: 0.5, seed: 7 },
    ]
    const queue = createGenerationQueue(engine)
    const together = await Promise.all(kinds.map((options) => queue.submit(generating(asked, options))))
    for (const [index, options] of kinds.entries())
      expect(together[index]?.tokens).toEqual((await queue.submit(generating(asked, options))).tokens)
    expect(together[0]?.tokens).toHaveLength(3)
    expect(together[1]?.tokens).not.toEqual(together[2]?.tokens)
    const stop = together[1]?.text.slice(-1) ?? ''
    expect(stop).not.toBe('')
    const stopped = await queue.submit(generating(asked, { ...kinds[1], stop: [stop] }))
    expect(stopped.text).toBe(together[1]?.text.split(stop)[0])
  })

  test('refuses at once what would wait too long, says when to come back, and answers all that it took', async () => {
    let time = 0
    const queue = createGenerationQueue(engine, { underWayMax: 6, clock: () => (time += 4000) })
    const ask = () => queue.submit(generating(question('Who?')))
    const taken = Array.from({ length: 6 }, ask)
    expect(() => queue.checkRoom(1)).toThrow('too many are asked at once')
    // Nothing has been measured yet: a quarter of a second for each of the six.
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 })
    expect(await Promise.all(taken)).toHaveLength(6)
    expect((await ask()).tokens.length).toBeGreaterThan(0)
    const later = Array.from({ length: 6 }, ask)
    // Seven that took a clock's tick of four seconds each or more.
    await expect(ask()).rejects.toSatisfy((error: AppError) => (error.retryAfterSeconds ?? 0) > 6)
    await Promise.all(later)
  })

  test('who has gone takes no room from others', async () => {
    const queue = createGenerationQueue(engine, { underWayMax: 1 })
    const gone = new AbortController()
    const dropped = queue.submit(generating(question('Who?')), gone.signal)
    gone.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' })
    expect((await queue.submit(generating(question('Who?')))).tokens.length).toBeGreaterThan(0)
  })

  test('asks the engine nothing for who has gone before', async () => {
    const unasked: Engine = { ...engine, generate: () => Promise.reject(new Error('it was asked')) }
    const queue = createGenerationQueue(unasked)
    const asking = queue.submit(generating(question('Who?')), AbortSignal.abort())
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('goes on for the others when one leaves', async () => {
    const queue = createGenerationQueue(engine)
    const leaving = new AbortController()
    const onPiece = () => leaving.abort()
    const first = queue.submit(generating(question('Who?'), { tokensMax: 100, onPiece }), leaving.signal)
    const second = queue.submit(generating(question('Where?')))
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const [alone] = await ask(engine, [question('Where?')], { tokensMax })
    expect((await second).text.trim()).toBe(alone?.text)
  })

  test('passes on what the engine throws, and answers the next', async () => {
    let failures = 1
    const failing: Engine = {
      ...engine,
      generate: (prompts, options) =>
        failures-- > 0 ? Promise.reject(new Error('out of memory')) : engine.generate(prompts, options),
    }
    const queue = createGenerationQueue(failing)
    await expect(queue.submit(generating(question('Who?')))).rejects.toThrow('out of memory')
    expect((await queue.submit(generating(question('Who?')))).tokens.length).toBeGreaterThan(0)
  })

  test('when closed answers what it took and refuses the rest', async () => {
    const queue = createGenerationQueue(engine)
    const taken = queue.submit(generating(question('Who?')))
    const closing = queue.close()
    await expect(queue.submit(generating(question('Who?')))).rejects.toMatchObject({ code: 'unavailable' })
    await closing
    expect((await taken).finish).not.toBe('cancelled')
  })
})
