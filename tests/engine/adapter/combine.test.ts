// Adapters as their sum, against merging them one after another; and training on a merged base that is put back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scaleAdapter } from '../../../services/engine/adapter/adapter.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { combineAdapters } from '../../../services/engine/adapter/combine.ts'
import { mergeAdapter } from '../../../services/engine/adapter/merge.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import { logitsOf } from '../../../services/engine/generate/logits.ts'
import { createRuntime } from '../../../services/engine/model/runtime.ts'
import { withMergedBase } from '../../../services/engine/model/merged-base.ts'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { EngineBroken, type TrainingRecipe } from '../../../services/engine/engine.ts'
import { goldenPath } from '../golden-files.ts'
import { maxDifference, openTiny } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

let tiny: Tiny
/** One on every linear layer, one on q and v alone, one of them weaker. */
let adapters: Adapter[]
beforeAll(async () => {
  tiny = await openTiny('llama-tied', 'graph')
  const { adapter, 'adapter-qv': onQueriesAndValues } = tiny.adapters
  adapters = [adapter, onQueriesAndValues, scaleAdapter(adapter, 0.3)]
})
afterAll(() => tiny.runtime.executor.close())

const positions = () => tiny.golden.rows.map((row) => row.map((_, position) => position))
const logits = (adapter: Adapter | null) =>
  logitsOf(tiny.runtime, tiny.golden.rows, positions(), adapter).flatMap((row) => [...row])

describe('several adapters as one', () => {
  it('give the logits of the base with all of them merged in, different layers and scales too', () => {
    const merged = adapters.reduce(mergeAdapter, tiny.source)
    const runtime = createRuntime(merged, { executor: 'graph', frozen: 'float32', training: false })
    const expected = logitsOf(runtime, tiny.golden.rows, positions(), null).flatMap((row) => [...row])
    runtime.executor.close()
    const sum = combineAdapters(tiny.source.config, adapters)
    expect(maxDifference(logits(sum), expected)).toBeLessThan(1e-4)
    // Each of them counts: leaving one out is seen.
    for (const adapter of adapters) {
      const without = combineAdapters(
        tiny.source.config,
        adapters.filter((other) => other !== adapter),
      )
      expect(maxDifference(logits(without), expected)).toBeGreaterThan(1e-2)
    }
  })

  it('are the adapter itself where there is one, and an error where there is none', () => {
    const [first] = adapters
    if (first === undefined) throw new Error('there are three')
    expect(combineAdapters(tiny.source.config, [first])).toBe(first)
    expect(() => combineAdapters(tiny.source.config, [])).toThrow(RangeError)
  })
})

describe('a base with adapters merged in', () => {
  const open = () => openBase(goldenPath('models', 'llama-tied'))
  const weights = () => {
    const names = ['w.embed', 'w.0.qkv', 'w.0.o', 'w.1.gate', 'w.1.up', 'w.1.down', 'w.1.norm1']
    return tiny.runtime.executor.fetchVariables(names)
  }

  it('answers as the sum of its adapters while the work lasts, and is bit for bit the base afterwards', async () => {
    const before = weights()
    const expected = logits(combineAdapters(tiny.source.config, adapters))
    await withMergedBase(tiny.runtime, open, adapters, async () => {
      expect(maxDifference(logits(null), expected)).toBeLessThan(1e-4)
      expect(weights()).not.toEqual(before)
    })
    expect(weights()).toEqual(before)
  })

  it('is put back when the work fails', async () => {
    const before = weights()
    const failed = withMergedBase(tiny.runtime, open, adapters, () => Promise.reject(new Error('cancelled')))
    await expect(failed).rejects.toThrow('cancelled')
    expect(weights()).toEqual(before)
  })

  it('that cannot be put back answers nothing any more', async () => {
    const { runtime, source } = await openTiny('llama-tied', 'graph')
    let gone = false
    const read = (name: string) => {
      if (gone) throw new Error('the disk is gone')
      return source.read(name)
    }
    const broken = withMergedBase(
      runtime,
      () => Promise.resolve({ ...source, read }),
      adapters,
      () => Promise.resolve((gone = true)),
    )
    await expect(broken).rejects.toThrow(EngineBroken)
    expect(() => logitsOf(runtime, tiny.golden.rows, positions(), null)).toThrow()
  })
})

describe('training on other adapters', () => {
  const recipe: TrainingRecipe = {
    lora: { rank: 4, alpha: 4, targets: ['q_proj', 'v_proj', 'up_proj', 'down_proj'] },
    epochs: 12,
    learningRate: 0.02,
    schedule: 'constant',
    warmupSteps: 0,
    weightDecay: 0,
    clipNorm: 1,
    rowsPerStep: 4,
    tokensPerBatch: 1024,
    seed: 1,
  }

  it('learns what is missing beside them, and leaves the base as it was', async () => {
    const engine = await createEngine({ base: goldenPath('models', 'llama-tied'), frozen: 'float32' })
    const [row = []] = tiny.golden.rows
    const examples = [{ tokens: row, lossFrom: 3 }]
    const rows = [{ prompt: row.slice(0, 3), answer: row.slice(3) }]
    const scoreOf = async (adapter: Adapter | null) => (await engine.score(rows, { adapter }))[0]?.logprob ?? NaN
    const [first] = adapters
    if (first === undefined) throw new Error('there are three')
    const bare = await scoreOf(null)
    const { adapter } = await engine.train(examples, recipe, { on: [first] })
    expect(await scoreOf(null)).toBe(bare)
    const sum = combineAdapters(engine.base.config, [first, adapter])
    expect(await scoreOf(sum)).toBeGreaterThan((await scoreOf(first)) + 1)
    // Trained on the bare base it would be another adapter.
    const other = await engine.train(examples, recipe)
    expect(other.adapter.tensors).not.toEqual(adapter.tensors)
    engine.close()
  })
})
