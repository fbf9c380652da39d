import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { getAdapter, putAdapter } from '../../../shared/registry/adapters.ts'
import { openFolderStore } from '../../../shared/registry/folder-store.ts'
import type { ObjectStore } from '../../../shared/registry/object-store.ts'

const made: string[] = []
let folder: string
let store: ObjectStore
const adapter = new Uint8Array(50_000).map((_, index) => (index * 7) % 253)
const sha256 = createHash('sha256').update(adapter).digest('hex')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-adapters-'))
  made.push(folder)
  store = openFolderStore(folder)
})
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))))

test('an adapter lies under its own hash and comes back byte for byte', async () => {
  const stored = await putAdapter(store, adapter)
  expect(stored).toEqual({ key: `adapters/${sha256}.safetensors`, sha256 })
  expect(Buffer.compare(await getAdapter(store, stored), adapter)).toBe(0)
})

test('putting the same adapter again, even at the same time, changes nothing', async () => {
  const first = await putAdapter(store, adapter)
  const again = await Promise.all([putAdapter(store, adapter), putAdapter(store, adapter)])
  expect(again).toEqual([first, first])
  expect(await readdir(join(folder, 'adapters'))).toEqual([`${sha256}.safetensors`])
})

test('a damaged adapter is never given out, and the next put repairs it', async () => {
  const stored = await putAdapter(store, adapter)
  await writeFile(
    join(folder, stored.key),
    adapter.map((byte, index) => (index === 40_000 ? byte ^ 1 : byte)),
  )
  await expect(getAdapter(store, stored)).rejects.toMatchObject({ code: 'adapter_unavailable', retry: true })
  await expect(getAdapter(store, stored)).rejects.toThrow(/is damaged: its sha256 is [0-9a-f]{64}, not/)
  await putAdapter(store, adapter)
  expect(Buffer.compare(await getAdapter(store, stored), adapter)).toBe(0)
})

test('a missing adapter is adapter_unavailable, not the caller asking for something wrong', async () => {
  const stored = { key: `adapters/${sha256}.safetensors`, sha256 }
  await expect(getAdapter(store, stored)).rejects.toMatchObject({ code: 'adapter_unavailable' })
})

test('bytes that were changed on their way are read again, and come right', async () => {
  const stored = await putAdapter(store, adapter)
  let reads = 0
  const noisy: ObjectStore = {
    ...store,
    get: async (key) => (await store.get(key)).map((byte, index) => (index === 7 && reads++ === 0 ? byte ^ 1 : byte)),
  }
  expect(Buffer.compare(await getAdapter(noisy, stored), adapter)).toBe(0)
  expect(reads).toBe(2)
})

test.each<[string, (real: ObjectStore) => ObjectStore]>([
  ['forgets what it took', (real) => ({ ...real, put: async () => true })],
  ['keeps only the first half', (real) => ({ ...real, put: (key, bytes) => real.put(key, bytes.subarray(0, 25_000)) })],
  [
    'flips a bit on the way',
    (real) => ({
      ...real,
      put: (key, bytes) =>
        real.put(
          key,
          bytes.map((byte, index) => (index ? byte : byte ^ 8)),
        ),
    }),
  ],
])('a store that says yes and %s is found out before anything refers to the adapter', async (_what, makeLiar) => {
  await expect(putAdapter(makeLiar(store), adapter)).rejects.toMatchObject({ code: 'store_failed' })
})
