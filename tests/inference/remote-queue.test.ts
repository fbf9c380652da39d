// Answers by a server outside, held against those of the engine: the same tokens from the same adapter, or an error.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { scaleAdapter, type Adapter } from '../../services/engine/adapter/adapter.ts'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { DrawnToken, Engine } from '../../services/engine/engine.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import type { Generating, GenerationQueue } from '../../services/inference/generation-queue.ts'
import { createLoraServer } from '../../services/inference/lora-server.ts'
import { createRemoteQueue } from '../../services/inference/remote-queue.ts'
import { startLoraServer, type TestLoraServer } from '../support/lora-server.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')

let engine: Engine
let golden: Adapter
let server: TestLoraServer
let folder: string
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  golden = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
})
afterAll(() => engine.close())
beforeEach(async () => {
  server = await startLoraServer(engine)
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-lora-'))
})
afterEach(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

function open(options: { adaptersMax?: number; url?: string; folder?: string } = {}): GenerationQueue {
  const { url } = server
  return createRemoteQueue(
    createLoraServer({ url, model: 'base', apiKey: undefined, folder, base: engine.base, ...options }),
    engine.tokenizer.endIds,
  )
}

function asking(adapter: Adapter | null, more: Partial<Generating['options']> = {}): Generating {
  return { prompt: [5, 9, 17, 3], adapter, options: { tokensMax: 8, ...more } }
}

const loads = () => server.calls.filter((call) => call.startsWith('load'))

test.each([1, 3])(
  'answers with the very tokens of the engine, of the base and of an adapter at strength %s',
  async (scale) => {
    const adapter = scaleAdapter(golden, scale)
    const queue = open()
    for (const one of [adapter, null]) {
      const [own] = await engine.generate([asking(one).prompt], { adapter: one, tokensMax: 8 })
      const pieces: string[] = []
      const answer = await queue.submit(asking(one, { onPiece: (text) => pieces.push(text) }))
      expect(answer).toEqual(own)
      expect(pieces.join('')).toBe(own?.text)
    }
    expect(loads()).toHaveLength(1)
  },
)

test('loads an adapter once for questions that come together, and gives every adapter a name of its own', async () => {
  const queue = open()
  const doubled = scaleAdapter(golden, 2)
  await Promise.all([golden, golden, doubled, golden].map((adapter) => queue.submit(asking(adapter))))
  expect(new Set(loads()).size).toBe(2)
  expect(loads()).toHaveLength(2)
})

test('what another process loaded is used; of too many the least recently used is unloaded', async () => {
  const adapters = [1, 2, 3].map((scale) => scaleAdapter(golden, scale))
  for (const adapter of adapters) await open().submit(asking(adapter))
  expect(loads()).toHaveLength(3)
  const queue = open({ adaptersMax: 2 })
  for (const adapter of adapters) await queue.submit(asking(adapter))
  expect(loads()).toHaveLength(3)
  await queue.submit(asking(scaleAdapter(golden, 4)))
  expect(server.loaded.size).toBe(2)
  expect(server.calls.filter((call) => call.startsWith('unload'))).toEqual(
    loads()
      .slice(0, 2)
      .map((call) => `un${call}`),
  )
  expect((await readdir(folder)).sort()).toEqual([...server.loaded.keys()].sort())
})

test('one that was unloaded is written and loaded again when it is asked for', async () => {
  const queue = open({ adaptersMax: 1 })
  const doubled = scaleAdapter(golden, 2)
  const before = await queue.submit(asking(golden))
  await queue.submit(asking(doubled))
  expect(await queue.submit(asking(golden))).toEqual(before)
  expect(loads()).toHaveLength(3)
  expect(server.loaded.size).toBe(1)
})

test('a server that was restarted is given the adapter again', async () => {
  const queue = open()
  const before = await queue.submit(asking(golden))
  server.loaded.clear()
  expect(await queue.submit(asking(golden))).toEqual(before)
  expect(loads()).toHaveLength(2)
})

test('an answer that did not come from the adapter is an error, never an answer', async () => {
  const queue = open()
  server.forgetful = true
  await expect(queue.submit(asking(golden))).rejects.toMatchObject({ code: 'adapter_unavailable' })
})

test('an adapter that the server cannot load is an error that says why', async () => {
  const wide = newAdapter(engine.base.config, { rank: 64, alpha: 64, targets: ['q_proj'] }, 1)
  await expect(open().submit(asking(wide))).rejects.toMatchObject({
    code: 'adapter_unavailable',
    message: expect.stringContaining('LoRA rank 64 is greater than max_lora_rank 32') as string,
  })
})

test('an adapter that could not be written for the server is written for the next question', async () => {
  const blocked = join(folder, 'adapters')
  await writeFile(blocked, 'a file where the folder should be')
  const queue = open({ folder: blocked })
  await expect(queue.submit(asking(golden))).rejects.toMatchObject({
    code: 'adapter_unavailable',
    message: expect.stringContaining(blocked) as string,
  })
  await rm(blocked)
  const [own] = await engine.generate([asking(golden).prompt], { adapter: golden, tokensMax: 8 })
  expect(await queue.submit(asking(golden))).toEqual(own)
})

test('a server that says it loaded an adapter and does not have it is an error', async () => {
  const place = { url: server.url, model: 'base', apiKey: undefined, folder, base: engine.base }
  const never = { ...createLoraServer(place), load: async () => 'palimpsest-never-loaded', forget: () => undefined }
  const queue = createRemoteQueue(never, engine.tokenizer.endIds)
  await expect(queue.submit(asking(golden))).rejects.toMatchObject({ code: 'adapter_unavailable' })
})

test('tokens are shown as the engine shows them: with as many alternatives as asked for, without the end', async () => {
  const end = engine.tokenizer.endIds[0] ?? -1
  for (const alternatives of [0, 3]) {
    const [ours, theirs]: [DrawnToken[], DrawnToken[]] = [[], []]
    const show = (to: DrawnToken[]) => (_: string, tokens: readonly DrawnToken[]) => void to.push(...tokens)
    const own = { adapter: golden, tokensMax: 8, rows: [{ alternatives, onPiece: show(ours) }] }
    await engine.generate([asking(golden).prompt], own)
    await open().submit(asking(golden, { alternatives, onPiece: show(theirs) }))
    expect(theirs).toEqual(ours)
    expect(theirs.every(({ id }) => id !== end)).toBe(true)
    expect(theirs.every((token) => token.alternatives.length === alternatives)).toBe(true)
  }
})

test('a server that is away is unavailable, and who has gone is not answered', async () => {
  await expect(open({ url: 'http://127.0.0.1:1/v1' }).submit(asking(null))).rejects.toMatchObject({
    code: 'unavailable',
  })
  const gone = new AbortController()
  const dropped = open().submit(asking(null), gone.signal)
  gone.abort()
  await expect(dropped).rejects.toMatchObject({ code: 'cancelled' })
})
