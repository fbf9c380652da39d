// The model against torch, transformers and PEFT on tiny bases, through both executors. Tolerances: float32 sums taken
// in another order differ by a few 1e-6 here; 1e-3 (the promise) leaves room for other processors' kernels.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { readGolden } from '../golden-files.ts'
import { hasRealBase, REAL_BASE } from '../real-base.ts'
import { mergeAdapter } from '../../../services/engine/adapter/merge.ts'
import { logitsOf } from '../../../services/engine/generate/logits.ts'
import { score } from '../../../services/engine/generate/score.ts'
import { createRuntime } from '../../../services/engine/model/runtime.ts'
import { gradientsOf } from '../../../services/engine/train/train.ts'
import { cosine, openTiny, maxDifference, relativeError, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

const CASES = TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor })))

describe.each(CASES)('$name, $executor', ({ name, executor }) => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(name, executor)
  })
  afterAll(() => tiny.runtime.executor.close())

  const allPositions = () => tiny.golden.rows.map((row) => row.map((_, position) => position))

  function expectLogits(kind: 'base' | 'lora' | 'qv', actual: Float32Array[]) {
    const expected = tiny.golden.rows.flatMap((_, row) => [...tiny.expected(`logits.${kind}.${row}`)])
    expect(
      maxDifference(
        actual.flatMap((row) => [...row]),
        expected,
      ),
    ).toBeLessThan(1e-3)
  }

  it.each([
    ['base', null],
    ['lora', 'adapter'],
    ['qv', 'adapter-qv'],
  ] as const)('gives the reference logits (%s)', (kind, adapter) => {
    const chosen = adapter ? tiny.adapters[adapter] : null
    expectLogits(kind, logitsOf(tiny.runtime, tiny.golden.rows, allPositions(), chosen))
  })

  it('gives the base again after an adapter was in', () => {
    const before = logitsOf(tiny.runtime, tiny.golden.rows, allPositions(), null)
    logitsOf(tiny.runtime, tiny.golden.rows, allPositions(), tiny.adapters.adapter)
    const after = logitsOf(tiny.runtime, tiny.golden.rows, allPositions(), null)
    expect(after).toEqual(before)
  })

  it.each([
    ['gradient', 'adapter'],
    ['gradientQv', 'adapter-qv'],
  ] as const)('gives the reference loss and every gradient (%s)', (prefix, adapter) => {
    const { rows, lossFrom } = tiny.golden
    const examples = rows.map((tokens, row) => ({ tokens, lossFrom: lossFrom[row] ?? 0 }))
    const { loss, gradients } = gradientsOf(tiny.runtime, tiny.adapters[adapter], examples)
    expect(Math.abs(loss - tiny.golden[adapter].loss)).toBeLessThan(1e-3 * tiny.golden[adapter].loss)
    expect(gradients.size).toBeGreaterThan(0)
    for (const [tensor, { data }] of gradients)
      expect(relativeError(data, tiny.expected(`${prefix}.${tensor}`)), tensor).toBeLessThan(1e-3)
  })

  it('scores given answers as the reference does', async () => {
    for (const [kind, adapter] of [
      ['base', null],
      ['adapter', tiny.adapters.adapter],
      ['adapter-qv', tiny.adapters['adapter-qv']],
    ] as const) {
      const scores = await score(tiny.runtime, tiny.golden.scoreRows, { adapter })
      expect(
        maxDifference(
          scores.map((row) => row.logprob),
          tiny.golden[kind].scores,
        ),
      ).toBeLessThan(1e-3)
    }
  })

  it('merged equals base plus scaled BA', () => {
    const merged = mergeAdapter(tiny.source, tiny.adapters.adapter)
    for (const module of ['self_attn.q_proj', 'self_attn.o_proj', 'mlp.gate_proj', 'mlp.down_proj']) {
      const weight = `model.layers.0.${module}.weight`
      expect(maxDifference(merged.read(weight).data, tiny.expected(`merged.${weight}`)), weight).toBeLessThan(1e-5)
    }
    const runtime = createRuntime(merged, { executor, frozen: 'float32', training: false })
    expectLogits('lora', logitsOf(runtime, tiny.golden.rows, allPositions(), null))
    runtime.executor.close()
  })
})

describe.skipIf(!hasRealBase)('the embedded base', () => {
  it("gives transformers' logits and loss in float32", async () => {
    const real = readGolden('smollm2-135m.json') as RealGolden
    const runtime = createRuntime(await openBase(REAL_BASE), { executor: 'graph', frozen: 'float32', training: false })
    for (const { ids, top } of real.prompts) {
      const [logits] = logitsOf(runtime, [ids], [[ids.length - 1]], null)
      const chosen = top.ids.map((id) => logits?.[id] ?? NaN)
      // Logits of this base are around 15, sums run over 30 layers of 576: 1e-3 is 2e-4 of their size after rounding.
      expect(maxDifference(chosen, top.logits)).toBeLessThan(1e-3)
    }
    const [first = 0, ...rest] = real.textIds
    const [text] = await score(runtime, [{ prompt: [first], answer: rest }])
    expect(-(text?.logprob ?? NaN) / rest.length).toBeCloseTo(real.textLoss, 3)
    runtime.executor.close()
  })
})

interface RealGolden {
  prompts: { ids: number[]; top: { ids: number[]; logits: number[] } }[]
  textIds: number[]
  textLoss: number
}

describe('a bfloat16 base', () => {
  it.each(TINY_NAMES)('stays close to the float32 one (%s)', async (name) => {
    const tiny = await openTiny(name, 'graph', 'bfloat16')
    const { rows, lossFrom } = tiny.golden
    const examples = rows.map((tokens, row) => ({ tokens, lossFrom: lossFrom[row] ?? 0 }))
    const { loss, gradients } = gradientsOf(tiny.runtime, tiny.adapters.adapter, examples)
    tiny.runtime.executor.close()
    // bfloat16 keeps 8 bits, a relative rounding of 2^-9 for each weight and activation; in vectors as short as these
    // it does not average out. What training needs is the direction.
    expect(Math.abs(loss - tiny.golden.adapter.loss)).toBeLessThan(0.02 * tiny.golden.adapter.loss)
    const actual = [...gradients.values()].flatMap(({ data }) => [...data])
    const expected = [...gradients.keys()].flatMap((tensor) => [...tiny.expected(`gradient.${tensor}`)])
    expect(cosine(actual, expected)).toBeGreaterThan(0.995)
  })
})
