import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaleAdapter, type Adapter } from '../../services/engine/adapter/adapter.ts'
import { combineAdapters } from '../../services/engine/adapter/combine.ts'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import type { Engine, TrainingExample } from '../../services/engine/engine.ts'
import { teachRows } from '../../services/trainer/teach-rows.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore, type ObjectStore } from '../../shared/registry/object-store.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import type { Manifest } from '../../shared/versions/manifest.ts'
import { openTinyEngine } from './incorporate-scene.ts'

let engine: Engine
let folder: string
let store: ObjectStore
let adapters: Adapter[]
let manifest: Manifest
beforeAll(async () => {
  engine = await openTinyEngine()
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-teach-'))
  store = openObjectStore({ kind: 'folder', path: folder })
  const trained = readPeftFolder(join(import.meta.dirname, '../golden/models/llama-tied/adapter'), engine.base.config)
  adapters = [scaleAdapter(trained, 2), scaleAdapter(trained, -2)]
  const entries = []
  for (const [index, adapter] of adapters.entries())
    entries.push({
      ...(await putAdapter(store, encodeAdapter(adapter, engine.base))),
      document: `doc_${index}`,
      scale: 0.5,
    })
  manifest = {
    base: { id: engine.base.id, sha256: engine.base.sha256 },
    adapters: entries,
    router: { kind: 'bm25', ...ROUTER_DEFAULTS },
  }
})
afterAll(async () => {
  engine.close()
  await rm(folder, { recursive: true })
})

const rowOf = (seed: number): TrainingExample => ({
  tokens: Array.from({ length: 12 }, (_, index) => (seed + 31 * index) % engine.base.config.vocabSize),
  lossFrom: 7,
})
const documents = () =>
  [0, 1, 2].map((index) => ({ documentId: `doc_${index}`, rows: [rowOf(index), rowOf(50 + index)] }))

async function taughtBy(adapter: Adapter, rows: readonly TrainingExample[]) {
  const given = rows.map(({ tokens, lossFrom }) => ({
    prompt: tokens.slice(0, lossFrom),
    answer: tokens.slice(lossFrom),
  }))
  return await engine.teach(given, { k: 24, adapter })
}

test("each document's rows are taught by its own adapter, at its scale; an untaught document's are left alone", async () => {
  const signal = new AbortController().signal
  const taught = await teachRows({ engine, store }, documents(), { teacher: manifest, k: 24, signal })
  for (const [index, adapter] of adapters.entries()) {
    const expected = await taughtBy(scaleAdapter(adapter, 0.5), documents()[index]?.rows ?? [])
    expect(taught[index]?.rows.map(({ teacher }) => teacher)).toEqual(expected)
  }
  expect(taught[0]?.rows[0]?.teacher?.tokens).not.toEqual(
    (await taughtBy(adapters[1] ?? fail(), [rowOf(0)]))[0]?.tokens,
  )
  expect(taught[2]).toEqual(documents()[2])
})

test('without a router the sum of the adapters teaches every row', async () => {
  const signal = new AbortController().signal
  const taught = await teachRows({ engine, store }, documents(), {
    teacher: { ...manifest, router: null },
    k: 24,
    signal,
  })
  const sum = combineAdapters(
    engine.base.config,
    adapters.map((adapter) => scaleAdapter(adapter, 0.5)),
  )
  for (const [index, { rows }] of documents().entries())
    expect(taught[index]?.rows.map(({ teacher }) => teacher)).toEqual(await taughtBy(sum, rows))
})

function fail(): never {
  throw new Error('there are two adapters')
}
