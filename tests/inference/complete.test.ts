// Conversations and texts gone on with, on real parts: Postgres, a folder as object store, the engine on a tiny base.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnswerer, type Answerer } from '../../services/inference/answer.ts'
import { createGenerationQueue } from '../../services/inference/generation-queue.ts'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { scaleAdapter } from '../../services/engine/adapter/adapter.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import type { CompletionEnd, CompletionPiece, CompletionRequest } from '../../shared/completions/completion.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../support/loop.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const tokensMax = 12
const aboutBridge = 'Who built the Lantern Bridge?'
const aboutNothing = 'Who wrote Hamlet?'

let engine: Engine
let loop: TestLoop
let folder: string
let answerer: Answerer
let bridge: string
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  loop = await startLoop()
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-complete-'))
  const store = openObjectStore({ kind: 'folder', path: folder })
  answerer = createAnswerer({ db: loop.database.query, store, engine, queue: createGenerationQueue(engine), tokensMax })
  bridge = (await postDocument(loop.database, 'Lantern Bridge')).document.id
  const adapter = scaleAdapter(readPeftFolder(join(tinyBase, 'adapter'), engine.base.config), 3)
  const stored = await putAdapter(store, encodeAdapter(adapter, engine.base))
  const manifest = {
    base: { id: engine.base.id, sha256: engine.base.sha256 },
    adapters: [{ ...stored, document: bridge, scale: 1 }],
    router: { kind: 'bm25' as const, ...ROUTER_DEFAULTS },
  }
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [bridge]: 2 }, { manifest })
})
afterAll(async () => {
  await answerer.close()
  await loop.end()
  await rm(folder, { recursive: true })
  engine.close()
})

const user = (content: string) => ({ role: 'user' as const, content })
function request(more: Partial<CompletionRequest>): CompletionRequest {
  const plain = { model: 'default', version: null, choices: 1, tokensMax, temperature: 0, topP: 1, seed: null }
  return { ...plain, inputs: [{ messages: [user(aboutBridge)] }], stop: [], alternatives: null, ...more }
}

async function complete(more: Partial<CompletionRequest>, signal?: AbortSignal) {
  const { start, run } = await answerer.complete(request(more))
  const events: (CompletionPiece | CompletionEnd)[] = []
  await run((event) => void events.push(event), signal)
  const ofChoice = (choice: number) =>
    events.flatMap((event) => (event.type === 'piece' && event.choice === choice ? event : []))
  const texts = Array.from({ length: 1 + Math.max(...events.map(({ choice }) => choice)) }, (_, choice) =>
    ofChoice(choice)
      .map(({ text }) => text)
      .join(''),
  )
  return { start, events, texts, tokens: ofChoice(0).flatMap(({ tokens }) => tokens) }
}

const answerOf = async (question: string, version: number | null = null) =>
  (await answerer.answer({ question, model: 'default', version, mode: 'closed_book' })).answer

describe('a conversation', () => {
  test('of one question is answered as the question is: by its adapter, or by the base', async () => {
    for (const [question, documents] of [
      [aboutBridge, [bridge]],
      [aboutNothing, []],
    ] as const) {
      const { start, texts } = await complete({ inputs: [{ messages: [user(question)] }] })
      expect(texts[0]?.trim()).toBe(await answerOf(question))
      expect(start).toMatchObject({ version: 1 })
      expect(start.documents.map(({ id }) => id)).toEqual(documents)
    }
    const base = await complete({ version: 0 })
    expect(base.start).toMatchObject({ version: 0, documents: [] })
    expect(base.texts[0]?.trim()).toBe(await answerOf(aboutBridge, 0))
  })

  test('keeps to its document when its last turn alone is about nothing', async () => {
    const turns = [user(aboutBridge), { role: 'assistant' as const, content: 'Orla Venn.' }, user('And where?')]
    expect((await complete({ inputs: [{ messages: turns }] })).start.documents.map(({ id }) => id)).toEqual([bridge])
    const elsewhere = [user(aboutNothing), { role: 'assistant' as const, content: 'A poet.' }, user('And where?')]
    expect((await complete({ inputs: [{ messages: elsewhere }] })).start.documents).toEqual([])
  })

  test('with a system turn of its own is put with that turn', async () => {
    const own = await complete({
      inputs: [{ messages: [{ role: 'system', content: 'Speak in riddles.' }, user(aboutBridge)] }],
    })
    const plain = await complete({})
    expect(own.start.promptTokens).not.toBe(plain.start.promptTokens)
    expect(own.texts).not.toEqual(plain.texts)
  })

  test('gives several choices, drawn apart, and the same again for the same seed', async () => {
    const drawn = { choices: 3, temperature: 1, seed: 11 }
    const first = await complete(drawn)
    expect(new Set(first.texts).size).toBe(3)
    expect((await complete(drawn)).texts).toEqual(first.texts)
    expect((await complete({ ...drawn, seed: 12 })).texts).not.toEqual(first.texts)
    expect((await complete({ ...drawn, seed: null })).texts).not.toEqual(first.texts)
  })

  test('names its tokens with their log-probabilities when asked to', async () => {
    const { tokens, texts } = await complete({ alternatives: 3 })
    expect(tokens.map(({ text }) => text).join('')).toBe(texts[0])
    for (const { text, logprob, alternatives } of tokens) {
      expect(alternatives).toHaveLength(3)
      expect(alternatives[0]).toEqual({ text, logprob })
      expect(logprob).toBeLessThan(0)
    }
    expect((await complete({})).tokens).toEqual([])
  })

  test('comes in many pieces and ends with its length', async () => {
    const { events } = await complete({})
    expect(events.length).toBeGreaterThan(5)
    expect(events.at(-1)).toEqual({ type: 'end', choice: 0, finish: 'length', tokens: tokensMax })
  })

  test('is refused before it begins when it does not fit the context', async () => {
    const long = { inputs: [{ messages: [user('why '.repeat(200))] }] }
    await expect(answerer.complete(request({ ...long, tokensMax: null }))).rejects.toMatchObject({
      code: 'context_length_exceeded',
    })
    await expect(answerer.complete(request({ tokensMax: 1_000 }))).rejects.toMatchObject({
      code: 'context_length_exceeded',
    })
  })

  test('whose listener has gone is generated no further', async () => {
    const { run } = await answerer.complete(request({ tokensMax: 60 }))
    const gone = new AbortController()
    let pieces = 0
    const running = run(() => void (++pieces === 3 && gone.abort()), gone.signal)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await complete({}) // the queue has let go of it by now
    expect(pieces).toBe(3)
  })
})

describe('a text', () => {
  test('is gone on with as it stands, by token ids the same, with the adapter it is about', async () => {
    const prompt = 'The Lantern Bridge was built by'
    const { start, texts } = await complete({ inputs: [{ prompt }] })
    expect(start.documents.map(({ id }) => id)).toEqual([bridge])
    const ids = engine.tokenizer.encode(prompt, { addSpecial: true })
    expect(start.promptTokens).toBe(ids.length)
    expect((await complete({ inputs: [{ prompt: ids }] })).texts).toEqual(texts)
  })

  test('of several is numbered input by input, each with the adapter of its own', async () => {
    const prompts = ['The Lantern Bridge was built by', 'Hamlet was written by']
    const both = await complete({ inputs: prompts.map((prompt) => ({ prompt })), choices: 2 })
    const [one, two] = await Promise.all(prompts.map((prompt) => complete({ inputs: [{ prompt }] })))
    expect(both.texts).toEqual([one?.texts[0], one?.texts[0], two?.texts[0], two?.texts[0]])
    expect(both.start.promptTokens).toBe((one?.start.promptTokens ?? 0) + (two?.start.promptTokens ?? 0))
  })

  test('that does not fit the context is refused as the prompt that it is', async () => {
    const long = { inputs: [{ prompt: 'why '.repeat(400) }], tokensMax: null }
    await expect(answerer.complete(request(long))).rejects.toMatchObject({
      code: 'context_length_exceeded',
      field: 'prompt',
    })
  })

  test.each([
    ['that is empty', ''],
    ['of tokens that the base does not have', [5, 1_000_000]],
  ])('%s is refused', async (_what, prompt) => {
    await expect(answerer.complete(request({ inputs: [{ prompt }] }))).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'prompt',
    })
  })
})
