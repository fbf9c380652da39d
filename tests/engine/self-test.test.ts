import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BaseSource } from '../../services/engine/base/base-source.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import { useDevice } from '../../services/engine/device.ts'
import { logitsOf } from '../../services/engine/generate/logits.ts'
import { findKnownLogits, selfTest, type KnownLogits } from '../../services/engine/self-test.ts'
import { createRuntime } from '../../services/engine/model/runtime.ts'
import { goldenPath, readGolden } from './golden-files.ts'
import { REAL_BASE, hasRealBase } from './real-base.ts'
import { openTiny, type Tiny } from './tiny.ts'

let tiny: Tiny
let known: KnownLogits[]
beforeAll(async () => {
  tiny = await openTiny('llama-tied', 'graph')
  const { vocabSize } = tiny.source.config
  known = tiny.golden.rows.map((prompt, row) => {
    // The reference's, [position, vocabulary]; those after the last token are taken.
    const logits = [...tiny.expected(`logits.base.${row}`).subarray(-vocabSize)]
    const tokens = logits.map((_, token) => token).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0))
    const likeliest = tokens.slice(0, 5)
    return { prompt, tokens: likeliest, logits: likeliest.map((token) => logits[token] ?? NaN) }
  })
})
afterAll(() => tiny.runtime.executor.close())

/** The base with one of its matrices read wrongly. */
function spoilt(source: BaseSource, wrong: string): BaseSource {
  return {
    ...source,
    read(name) {
      const { shape, data } = source.read(name)
      return { shape, data: name === wrong ? data.map((value) => -value) : data }
    },
  }
}

describe('the self-test', () => {
  test('passes on a base that computes what the reference computed, on both executors and in both precisions', () => {
    for (const executor of ['graph', 'eager'] as const)
      for (const frozen of ['float32', 'bfloat16'] as const) {
        const runtime = createRuntime(tiny.source, { executor, frozen, training: false })
        selfTest(runtime, known)
        runtime.executor.close()
      }
  })

  test('stops a base of which one matrix is wrong, and says what was computed and what is stored', () => {
    const source = spoilt(tiny.source, 'model.layers.0.mlp.down_proj.weight')
    const runtime = createRuntime(source, { executor: 'graph', frozen: 'float32', training: false })
    expect(() => selfTest(runtime, known)).toThrow(/self-test failed: .* stands -?\d+\.\d\d from .* is stored/)
    runtime.executor.close()
  })

  test('stops a base that computes nothing at all', () => {
    const source: BaseSource = {
      ...tiny.source,
      read: (name) => {
        const { shape, data } = tiny.source.read(name)
        return { shape, data: name === 'model.norm.weight' ? data.fill(NaN) : data }
      },
    }
    const runtime = createRuntime(source, { executor: 'graph', frozen: 'float32', training: false })
    expect(() => selfTest(runtime, known)).toThrow(/self-test failed/)
    runtime.executor.close()
  })

  test('leaves what the base says as it was', () => {
    const { prompt } = known[0] ?? { prompt: [] }
    const ask = () => logitsOf(tiny.runtime, [[...prompt]], [[prompt.length - 1]], tiny.adapters.adapter)
    const before = ask()
    selfTest(tiny.runtime, known)
    expect(ask()).toEqual(before)
  })

  test("holds the reference's logits of the embedded base", () => {
    const { prompts } = readGolden('smollm2-135m.json') as {
      prompts: { ids: number[]; top: { ids: number[]; logits: number[] } }[]
    }
    const stored = findKnownLogits('b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53') ?? []
    expect(stored).toHaveLength(2)
    for (const { prompt, tokens, logits } of stored) {
      const golden = prompts.find(({ ids }) => ids.join() === prompt.join())
      expect(golden?.top.ids.slice(0, tokens.length)).toEqual(tokens)
      logits.forEach((logit, index) => expect(logit).toBeCloseTo(golden?.top.logits[index] ?? NaN, 2))
    }
  })

  test.skipIf(!hasRealBase)(
    'passes on the embedded base as it is served, in bfloat16',
    async () => {
      const engine = await createEngine({ base: REAL_BASE, training: false })
      expect(findKnownLogits(engine.base.sha256)).toBeDefined()
      engine.close()
    },
    300_000,
  )
})

describe('the device', () => {
  const onGpu = useDevice('auto') === 'gpu'

  test.skipIf(onGpu)('is the CPU where there is no GPU, and an engine says so', async () => {
    expect(useDevice('cpu')).toBe('cpu')
    const engine = await createEngine({ base: goldenPath('models', 'llama-tied'), training: false })
    expect(engine.device).toBe('cpu')
    engine.close()
  })

  test.skipIf(onGpu)('is never silently another than the one asked for', async () => {
    await expect(createEngine({ base: goldenPath('models', 'llama-tied'), device: 'gpu' })).rejects.toThrow(
      'there is no GPU that TensorFlow can use',
    )
  })
})
