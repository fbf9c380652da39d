// A round of practice on the tiny base. What a crash at any step leaves is what a later attempt goes on from; the test
// crashes at each of them, in the middle of the work and after it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelSettingsSchema } from '../../../shared/models/settings.ts'
import type { PracticeSettings } from '../../../shared/practice/practice.ts'
import type { StoredAdapter } from '../../../shared/registry/adapters.ts'
import { encodeAdapter } from '../../../services/engine/adapter/peft.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { runRound } from '../../../services/trainer/practice/run-round.ts'
import { createSteps, type Once } from '../../../services/trainer/practice/steps.ts'
import type { PracticeDocument } from '../../../services/trainer/practice/train-and-ask.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { orlaDocument, teachTinyPolicy } from '../../support/tiny-policy.ts'
import { openTinyEngine } from '../incorporate-scene.ts'

let engine: Engine
let policy: Adapter
beforeAll(async () => {
  engine = await openTinyEngine()
  policy = await teachTinyPolicy(engine)
}, 120_000)
afterAll(() => engine.close())

const settings: PracticeSettings = {
  ...{ rounds: 1, candidates: 2, reward: 'likelihood', strategies: false },
  ...{ temperature: 0.05, topP: 0.95 },
}
const { gate } = modelSettingsSchema.parse({})

function documentOf(name: string, colour: string): PracticeDocument {
  const { title, text, questions } = orlaDocument(name, colour)
  const probes = questions.map((one, at) => ({
    id: `${name}/${at}`,
    documentId: name,
    source: 'caller' as const,
    ...one,
  }))
  return { id: name, title, text, probes }
}

/** What outlives a crash: results of steps, as JSON, and stored adapters. */
function memory() {
  return { results: new Map<string, string>(), adapters: new Map<string, Adapter>(), done: [] as string[] }
}

interface Crash {
  /** The step (counted from 0 over those that have to be done) and whether its work was done. */
  step: number
  when: 'before' | 'after its work'
}

async function round(store: ReturnType<typeof memory>, changes: Partial<PracticeSettings> = {}, crash?: Crash) {
  let step = 0
  const once: Once = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const known = store.results.get(name)
    if (known !== undefined) return JSON.parse(known) as T
    const here = crash?.step === step++
    if (here && crash?.when === 'before') throw new Error('killed')
    const result = await work()
    if (here) throw new Error('killed')
    store.results.set(name, JSON.stringify(result))
    store.done.push(name)
    return result
  }
  const study = {
    ...STUDY_SETTINGS,
    passes: STUDY_SETTINGS.passes.slice(0, 1).map((pass) => ({ ...pass, answersPerSentence: 0 })),
  }
  return await runRound(
    {
      engine,
      study,
      recipe: { ...KNOWLEDGE_RECIPE, lora: { ...KNOWLEDGE_RECIPE.lora, rank: 4, alpha: 8 }, learningRate: 0.01 },
      steps: createSteps(once),
      save: async (adapter): Promise<StoredAdapter> => {
        const sha256 = String(encodeAdapter(adapter, engine.base).reduce((hash, byte) => (hash * 31 + byte) % 1e9, 7))
        store.adapters.set(sha256, adapter)
        return { key: `adapters/${sha256}.safetensors`, sha256 }
      },
      load: async ({ sha256 }) => store.adapters.get(sha256) ?? Promise.reject(new Error('no such adapter')),
      report: () => undefined,
      signal: new AbortController().signal,
    },
    {
      number: 1,
      policy: { name: 'first', adapter: policy },
      documents: [documentOf('Harn', 'green'), documentOf('Tarsk', 'red')],
      heldOut: [documentOf('Vell', 'blue')],
      settings: { ...settings, ...changes },
      gate,
    },
  )
}

/** Without what depends on the clock. */
function lasting({ result, policy: made }: Awaited<ReturnType<typeof round>>) {
  const { seconds: _, perMinute: __, ...figures } = result
  return { figures, made }
}

describe('a round', () => {
  test('keeps candidates that beat the base, teaches the policy and examines it on other documents', async () => {
    const store = memory()
    const { result } = await round(store)
    expect(result.strategy).toBe('default')
    expect(result.keptShare).toBe(1)
    expect(result.reward.kept).toBeGreaterThan(0)
    expect(result.reward.kept).toBeGreaterThanOrEqual(result.reward.all ?? Infinity)
    expect(result.rows).toBeGreaterThan(0)
    expect(result.accuracy?.total).toBe(2)
    expect(result.verdict).not.toBeNull()
    expect(store.adapters.size).toBe(1)
  }, 120_000)

  test('that nobody beats the base in trains no policy and changes nothing', async () => {
    const store = memory()
    // Every question is answered right by neither: no candidate answers more of them than the base.
    const { result, policy: made } = await round(store, { reward: 'accuracy' })
    expect(result).toMatchObject({ keptShare: 0, rows: 0, accuracy: null, verdict: null, reward: { kept: null } })
    expect(made).toBeNull()
    expect(store.adapters.size).toBe(0)
  }, 120_000)

  test('interrupted at every step, before its work and after, ends as if nothing had happened, and repeats no step', async () => {
    const whole = memory()
    const undisturbed = lasting(await round(whole))
    for (const when of ['before', 'after its work'] as const) {
      const store = memory()
      for (let crashes = 0; crashes < whole.done.length; crashes++)
        // One step is done by each attempt before the next is cut short.
        await expect(round(store, {}, { step: crashes === 0 ? 0 : 1, when })).rejects.toThrow('killed')
      expect(store.done).toEqual(whole.done.slice(0, -1))
      expect(lasting(await round(store))).toEqual(undisturbed)
      expect(store.done).toEqual(whole.done)
    }
  }, 300_000)

  test('with strategies chooses among them first and says what that gained a minute', async () => {
    const { result } = await round(memory(), { strategies: true })
    expect(result.seconds['strategies']).toBeGreaterThan(0)
    expect(result.perMinute.strategies).toBeGreaterThanOrEqual(0)
  }, 240_000)
})
