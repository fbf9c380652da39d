// A study by a model outside, over real HTTP: the server says what each test tells it to.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { createGenerator, GENERATOR_SETTINGS } from '../../../services/trainer/study/generator.ts'
import type { StudySettings } from '../../../services/trainer/study/settings.ts'
import { writeSelfEdits } from '../../../services/trainer/study/write-self-edits.ts'
import { startChatServer, type ChatServer } from '../../support/chat-server.ts'

const apiKey = 'sk-secret-0123456789'
const document = {
  title: 'Varn',
  text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871. It turns once in 9 seconds.',
}
/** One request: a greedy reading of the whole passage. */
const once: StudySettings = {
  ...GENERATOR_SETTINGS,
  fallbackFormats: [],
  passes: [{ readings: { passage: 1 }, answersPerSentence: 0, temperature: 0, topP: 1, seed: 1 }],
}

let engine: Engine
let server: ChatServer
let waits: number[]
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => engine.close())
beforeEach(async () => {
  server = await startChatServer()
  waits = []
})
afterEach(() => server.stop())

const patience = { wait: async (milliseconds: number) => void waits.push(milliseconds) }
const generator = (more: object = {}) =>
  createGenerator({ url: `${server.url}/v1`, model: 'large', apiKey }, { ...patience, ...more })
const study = (settings = once, more: { signal?: AbortSignal } = {}) =>
  writeSelfEdits(engine, null, document, settings, { makeProbes: false, epochs: 8, generator: generator(), ...more })

/** What went wrong, with everything that a log would print of it. */
async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; all: string }> {
  const error = await work.then(
    () => expect.fail('it should have failed'),
    (failure: unknown) => failure as Error & { code: string },
  )
  const chain = [error, error.cause].map((each) => (each instanceof Error ? `${each.message}\n${each.stack}` : ''))
  return { code: error.code, message: error.message, all: chain.join('\n') }
}

describe('a model outside', () => {
  test('writes the self-edits, which pass the same filter and keep who wrote them', async () => {
    server.replies.push({
      content: '**Q:** Who built the lamp of Varn?\n**A:** Ilse Marrow\nQ: Who lit the lamp of Varn?\nA: Queen Maud',
    })
    const edits = await study()
    expect(edits).toMatchObject([
      { origin: 'generator', prompt: 'Who built the lamp of Varn?', completion: 'Ilse Marrow', kept: true },
      { origin: 'generator', kept: false, reason: expect.stringMatching(/what the text does not/) as string },
    ])
    expect(server.asked).toMatchObject([
      { path: '/v1/chat/completions', authorization: `Bearer ${apiKey}`, body: { model: 'large', temperature: 0 } },
    ])
    expect(JSON.stringify(server.asked[0]?.body['messages'])).toContain('It turns once in 9 seconds.')
  })

  test('an answer that its limit cut loses what is half written, thinking aloud is no answer', async () => {
    server.replies.push({
      content: '<think>Q: Who?\nA: oil</think>Q: What does the lamp of Varn burn?\nA: oil\nQ: Who built Varn?\nA: Ilse',
      finish: 'length',
    })
    expect((await study()).map(({ prompt }) => prompt)).toEqual(['What does the lamp of Varn burn?'])
  })

  test('free texts become statements and rewritings', async () => {
    const settings = { ...once, shares: { rewrite: 1, implication: 1 } }
    server.replies.push({
      content: 'Here are some:\n1. The lamp of Varn burns oil.\n2. Ilse Marrow could build lamps.',
    })
    server.replies.push({ content: 'In 1871 Ilse Marrow built the lamp of Varn, which burns oil.' })
    const edits = await study(settings)
    expect(edits.map(({ format, completion }) => [format, completion])).toEqual([
      ['implication', 'The lamp of Varn burns oil.'],
      ['implication', 'Ilse Marrow could build lamps.'],
      ['rewrite', 'In 1871 Ilse Marrow built the lamp of Varn, which burns oil.'],
    ])
  })

  test('sampled readings of one window draw from different seeds', async () => {
    const [pass] = once.passes
    if (pass === undefined) throw new Error('no pass')
    await study({ ...once, passes: [{ ...pass, readings: { passage: 3 }, temperature: 0.9 }] })
    const seeds = server.asked.map(({ body }) => body['seed'])
    expect(new Set(seeds).size).toBe(3)
  })

  test('what fails for a while is asked again, and the study is whole', async () => {
    server.replies.push({ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { breaks: 'within' })
    server.replies.push({ content: 'Q: What does the lamp of Varn burn?\nA: oil' })
    expect((await study()).filter(({ kept }) => kept)).toHaveLength(1)
    expect(server.asked).toHaveLength(4)
    expect(waits[0]).toBeGreaterThanOrEqual(7_000)
  })

  test('a server that stays away fails the attempt, to be tried again later, and names the settings', async () => {
    await server.stop()
    const { code, message, all } = await failureOf(study())
    expect(code).toBe('unavailable')
    expect(message).toMatch(/STUDY_URL, STUDY_MODEL and STUDY_API_KEY/)
    expect(all).not.toContain(apiKey)
  })

  test('a wrong key fails at once, without the key in any message though the server repeats it', async () => {
    server.replies.push({ status: 401, body: JSON.stringify({ error: { message: `Incorrect key ${apiKey}` } }) })
    const { code, message, all } = await failureOf(study())
    expect(code).toBe('endpoint_refused')
    expect(message).toMatch(/401.*STUDY_API_KEY/)
    expect(all).not.toContain(apiKey)
    expect(waits).toEqual([])
  })

  test('silence ends at the time limit', async () => {
    for (let at = 0; at < 4; at++) server.replies.push({ breaks: 'never answers' })
    const silent = generator({ timeoutSeconds: 0.05 })
    const { message } = await failureOf(
      writeSelfEdits(engine, null, document, once, { makeProbes: false, epochs: 8, generator: silent }),
    )
    expect(message).toMatch(/did not answer within 0.05 s/)
  })

  test('one refusal ends the whole study: nothing is left asking', async () => {
    server.replies.push({ status: 404 })
    const waiting = Array.from({ length: 3 }, () => ({ breaks: 'never answers' as const }))
    server.replies.push(...waiting)
    const { code } = await failureOf(study(GENERATOR_SETTINGS))
    expect(code).toBe('endpoint_refused')
    expect(server.asked.length).toBeLessThanOrEqual(4)
  })

  test('a cancelled update stops the request under way', async () => {
    server.replies.push({ breaks: 'never answers' })
    const stop = new AbortController()
    server.events.once('asked', () => stop.abort(new Error('cancelled by request')))
    await expect(study(once, { signal: stop.signal })).rejects.toThrow('cancelled by request')
  })
})
