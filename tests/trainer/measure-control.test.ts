import { join, resolve } from 'node:path'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { CONTROL_QUESTIONS } from '../../services/monitor/control-questions.ts'
import { measureControl, type ControlMemory } from '../../services/trainer/measure-control.ts'
import { DRIFT_QUESTIONS, GENERIC_QUESTIONS } from '../../services/trainer/strategies/generic-questions.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { buildRouter, type Router } from '../../shared/router/router.ts'
import type { Manifest } from '../../shared/versions/manifest.ts'
import { openTinyEngine } from './incorporate-scene.ts'

let engine: Engine
let adapter: Adapter
beforeAll(async () => {
  engine = await openTinyEngine()
  adapter = readPeftFolder(resolve(import.meta.dirname, '../golden/models/llama-tied/adapter'), engine.base.config)
})
afterAll(() => engine.close())

const store = openObjectStore({ kind: 'folder', path: join(tmpdir(), 'palimpsest-no-objects') })
const signal = new AbortController().signal
const entry = { key: 'a', sha256: 'a'.repeat(64), document: 'doc', scale: 1 }

function manifest(adapters: Manifest['adapters'], routed = false): Manifest {
  return {
    base: { id: engine.base.id, sha256: engine.base.sha256 },
    adapters,
    router: routed ? { kind: 'bm25', margin: 1.02, scoreMin: 0, evidenceMin: 0.03 } : null,
  }
}

const routeTo = (text: string): Router => buildRouter([{ documentId: 'doc', title: 'Varn', text, questions: [] }])
const measure = (
  before: Manifest | null,
  after: Manifest,
  router: Router,
  by = engine,
  memory: ControlMemory = new Map(),
) =>
  measureControl(
    { engine: by, store, trained: new Map([['a', adapter]]) },
    { before: { manifest: before, router }, after: { manifest: after, router }, memory, signal },
  )

/** Of a base that cannot be asked. */
const silent = (): Engine => ({
  ...engine,
  generate: () => Promise.reject(new Error('asked')),
  score: () => Promise.reject(new Error('asked')),
})

describe('the control questions', () => {
  test('are not those that replay trains on or the drift is measured by', () => {
    const trained = new Set([...GENERIC_QUESTIONS, ...DRIFT_QUESTIONS].map((question) => question.toLowerCase()))
    expect(CONTROL_QUESTIONS.filter(({ question }) => trained.has(question.toLowerCase()))).toEqual([])
    expect(new Set(CONTROL_QUESTIONS.map(({ question }) => question)).size).toBe(CONTROL_QUESTIONS.length)
  })

  test('are not asked where both versions answer them by the same adapters', async () => {
    const router = routeTo('The lamp of Varn burns oil. Ilse Marrow built it in 1871.')
    const changes = await measure(null, manifest([entry], true), router, silent())
    expect(changes).toHaveLength(CONTROL_QUESTIONS.length)
    expect(changes.filter(({ before, after }) => before.logprob !== after.logprob)).toEqual([])
    await expect(measure(null, manifest([entry]), router, silent())).rejects.toThrow('asked')
  })

  test('are asked of one adapter for everything, whose answers differ from the base', async () => {
    const changes = await measure(null, manifest([entry]), routeTo('Varn'))
    expect(changes).toHaveLength(CONTROL_QUESTIONS.length)
    expect(changes.filter(({ before }) => !before.correct)).toEqual([])
    expect(changes.filter(({ before, after }) => Math.abs(before.logprob - after.logprob) < 1e-4)).toEqual([])
    for (const { before } of changes) expect(before.logprob).toBeLessThan(0)
    // The other way round what was lost is won.
    const back = await measure(manifest([entry]), manifest([{ ...entry, scale: 1e-6 }]), routeTo('Varn'))
    const sum = (from: typeof changes) =>
      from.reduce((total, { before, after }) => total + before.logprob - after.logprob, 0)
    expect(sum(back)).toBeCloseTo(-sum(changes), 0)
  })

  test('are asked, routed, only where a new document draws the question to itself', async () => {
    const router = routeTo('A hen lays one egg a day in Varn, and every hen that lays two eggs gets a name.')
    const changes = await measure(null, manifest([entry], true), router)
    const changed = changes.flatMap(({ before, after }, index) => (before.logprob === after.logprob ? [] : [index]))
    expect(changed.map((index) => CONTROL_QUESTIONS[index]?.question)).toEqual(['What does a hen lay?'])
  })

  test('are measured once for adapters that stay: another scale of the candidate changes its side alone', async () => {
    const memory: ControlMemory = new Map()
    const [full, half] = [
      await measure(null, manifest([entry]), routeTo('Varn'), engine, memory),
      await measure(null, manifest([{ ...entry, scale: 0.5 }]), routeTo('Varn'), engine, memory),
    ]
    expect(half.map(({ before }) => before)).toEqual(full.map(({ before }) => before))
    expect(half.map(({ after }) => after)).not.toEqual(full.map(({ after }) => after))
    expect(half).toEqual(await measure(null, manifest([{ ...entry, scale: 0.5 }]), routeTo('Varn')))
  })
})
