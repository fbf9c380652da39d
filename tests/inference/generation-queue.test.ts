import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createGenerationQueue, type Generating } from '../../services/inference/generation-queue.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { ask, promptTokens } from '../../services/engine/ask.ts'
import type { Question } from '../../services/engine/ask.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine, RowOptions } from '../../services/engine/engine.ts'
import { closedBookMessages } from '../../shared/prompts.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const tokensMax = 8

let engine: Engine
let adapter: Adapter
/** The real engine, with the size of each batch written down. */
let watched: Engine
let batches: number[] = []
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  adapter = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
  watched = {
    ...engine,
    generate: (prompts, options) => {
      batches.push(prompts.length)
      return engine.generate(prompts, options)
    },
  }
})
beforeEach(() => {
  batches = []
})
afterAll(() => engine.close())

function question(text: string, adapter: Adapter | null = null): Question {
  return { messages: closedBookMessages(text), adapter }
}

function generating({ messages, adapter }: Question, options: RowOptions = {}): Generating {
  return { prompt: promptTokens(engine, messages), adapter, options: { tokensMax, ...options } }
}

describe('the generation queue', () => {
  test('runs together what waits together and has one adapter', async () => {
    const queue = createGenerationQueue(watched, { rowsMax: 4 })
    const asked = Array.from({ length: 7 }, (_, index) => question(`What is ${index}?`, index < 6 ? adapter : null))
    const answers = await Promise.all(asked.map((each) => queue.submit(generating(each))))
    expect(batches).toEqual([4, 2, 1])
    const alone = await Promise.all(asked.map((each) => ask(engine, [each], { tokensMax })))
    expect(answers.map(({ text }) => text.trim())).toEqual(alone.map(([answer]) => answer?.text))
  })

  test('gives each of a batch its own length, sampling and stop, and what it would give it alone', async () => {
    const asked = question('What is it?')
    const kinds: RowOptions[] = [
      { tokensMax: 3 },
      { tokensMax: 12, temperature: 1, seed: 7 },
      { tokensMax: 12, temperature: 1, seed: 8 },
      { tokensMax: 12, temperature: 1, topP: 0.5, seed: 7 },
    ]
    const queue = createGenerationQueue(watched)
    const together = await Promise.all(kinds.map((options) => queue.submit(generating(asked, options))))
    expect(batches).toEqual([4])
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
    const timed: Engine = {
      ...engine,
      generate: (prompts, options) => {
        time += 4000
        return engine.generate(prompts, options)
      },
    }
    const queue = createGenerationQueue(timed, { rowsMax: 2, waitingMax: 6, clock: () => time })
    const ask = () => queue.submit(generating(question('Who?')))
    await ask()
    await ask() // begins when the first is wholly over, and its time known
    const taken = Array.from({ length: 6 }, ask)
    const tooMany = ask()
    expect(() => queue.checkRoom(1)).toThrow('too many are asked at once')
    await expect(tooMany).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 12 })
    expect(await Promise.all(taken)).toHaveLength(6)
    expect((await ask()).tokens.length).toBeGreaterThan(0)
  })

  test('who has gone takes no room from others', async () => {
    const queue = createGenerationQueue(engine, { waitingMax: 1 })
    const gone = new AbortController()
    const dropped = queue.submit(generating(question('Who?')), gone.signal)
    gone.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' })
    expect((await queue.submit(generating(question('Who?')))).tokens.length).toBeGreaterThan(0)
  })

  test('never runs what nobody waits for any more', async () => {
    const queue = createGenerationQueue(watched)
    const gone = new AbortController()
    const dropped = queue.submit(generating(question('Who?')), gone.signal)
    gone.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' })
    await expect(queue.submit(generating(question('Who?')), gone.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await queue.close()
    expect(batches).toEqual([])
  })

  test('goes on for the others when one of a batch leaves, and stops when all have left', async () => {
    const queue = createGenerationQueue(watched)
    const leaving = new AbortController()
    watched.generate = async (prompts, options) => {
      leaving.abort()
      return await engine.generate(prompts, options)
    }
    const first = queue.submit(generating(question('Who?')), leaving.signal)
    const second = queue.submit(generating(question('Where?')))
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    const [alone] = await ask(engine, [question('Where?')], { tokensMax })
    expect((await second).text.trim()).toBe(alone?.text)

    const all = new AbortController()
    let finish: string | undefined
    watched.generate = async (prompts, options) => {
      all.abort()
      const generations = await engine.generate(prompts, options)
      finish = generations[0]?.finish
      return generations
    }
    await expect(queue.submit(generating(question('Why?')), all.signal)).rejects.toMatchObject({ code: 'cancelled' })
    await queue.close()
    expect(finish).toBe('cancelled')
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
