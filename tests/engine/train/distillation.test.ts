// Learning from a teacher against torch: the teacher's distributions, the mixed loss and its gradients, the divergence
// from the base; and what makes an anchor one: a student equal to its teacher is not moved.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectiveWeights, SoftTargets, TrainingExample } from '../../../services/engine/engine.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import { divergence } from '../../../services/engine/train/divergence.ts'
import { newAdapter } from '../../../services/engine/train/new-adapter.ts'
import { teach } from '../../../services/engine/train/teach.ts'
import { gradientsOf, train } from '../../../services/engine/train/train.ts'
import { maxDifference, openTiny, relativeError, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

/** The golden rows, split where their answers begin. */
function answersOf({ golden }: Tiny) {
  return golden.rows.map((tokens, row) => {
    const start = golden.lossFrom[row] ?? 0
    return { prompt: tokens.slice(0, start), answer: tokens.slice(start) }
  })
}

/** The rows of the golden objective: cross-entropy alone, both, distillation alone. */
function goldenExamples({ golden }: Tiny): TrainingExample[] {
  const { k, temperature, teacher, weights } = golden.distillation
  return golden.rows.map((tokens, row) => {
    const [crossEntropy, distillation] = weights[row] ?? [0, 0]
    const targets = {
      k,
      temperature,
      tokens: Int32Array.from(teacher[row]?.tokens.flat() ?? []),
      probabilities: Float32Array.from(teacher[row]?.probabilities.flat() ?? []),
    }
    return {
      tokens,
      lossFrom: golden.lossFrom[row] ?? 0,
      teacher: targets,
      objective: { crossEntropy, distillation },
    }
  })
}

type TaughtRow = TrainingExample & { teacher: SoftTargets; objective: ObjectiveWeights }

/** Rows whose teacher is the student itself. */
async function selfTaught(tiny: Tiny, adapter: Adapter | null, k: number, temperature: number) {
  const teachings = await teach(tiny.runtime, answersOf(tiny), { k, temperature, adapter })
  return tiny.golden.rows.flatMap((tokens, row): TaughtRow[] => {
    const teacher = teachings[row]
    const lossFrom = tiny.golden.lossFrom[row] ?? 0
    return teacher ? [{ tokens, lossFrom, teacher, objective: { crossEntropy: 0, distillation: 1 } }] : []
  })
}

const normOf = ({ gradients }: { gradients: Adapter['tensors'] }): number =>
  Math.hypot(...[...gradients.values()].flatMap(({ data }) => [...data]))

const CASES = TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor })))

describe.each(CASES)('$name, $executor', ({ name, executor }) => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(name, executor)
  })
  afterAll(() => tiny.runtime.executor.close())

  it("says of the document's rows what the reference says", async () => {
    const { k, temperature, document, teacher } = tiny.golden.distillation
    const rows = answersOf(tiny).map(({ prompt, answer }) => ({ prompt: [...document, ...prompt], answer }))
    const teachings = await teach(tiny.runtime, rows, { k, temperature })
    expect(teachings.map(({ tokens }) => [...tokens])).toEqual(teacher.map(({ tokens }) => tokens.flat()))
    teachings.forEach(({ probabilities }, row) =>
      expect(maxDifference(probabilities, teacher[row]?.probabilities.flat() ?? [])).toBeLessThan(1e-4),
    )
  })

  it('scores the answers it teaches as the reference does', async () => {
    for (const [kind, adapter] of [
      ['base', null],
      ['adapter', tiny.adapters.adapter],
    ] as const) {
      const teachings = await teach(tiny.runtime, tiny.golden.scoreRows, { k: 4, temperature: 3, adapter })
      const sums = teachings.map(({ logprobs }) => logprobs.reduce((sum, logprob) => sum + logprob, 0))
      expect(maxDifference(sums, tiny.golden[kind].scores)).toBeLessThan(1e-3)
    }
  })

  it('gives the reference loss and every gradient of the mixed objective', () => {
    const { loss, gradients } = gradientsOf(tiny.runtime, tiny.adapters.adapter, goldenExamples(tiny))
    const expected = tiny.golden.distillation.loss
    expect(Math.abs(loss - expected)).toBeLessThan(1e-3 * expected)
    expect(gradients.size).toBeGreaterThan(0)
    for (const [tensor, { data }] of gradients)
      expect(relativeError(data, tiny.expected(`gradientSoft.${tensor}`)), tensor).toBeLessThan(1e-3)
  })

  it('measures the divergence from the base as the reference does', async () => {
    const nats = await divergence(tiny.runtime, answersOf(tiny), tiny.adapters.adapter)
    const expected = tiny.golden.distillation.divergence
    expect(Math.abs(nats - expected)).toBeLessThan(1e-3 * expected)
  })

  // 128 is the whole vocabulary, which leaves no tail.
  it.each([
    [1, 1],
    [8, 1],
    [8, 2],
    [128, 1],
  ])('is at rest when the student is its own teacher (k %i, temperature %i)', async (k, temperature) => {
    const { adapter } = tiny.adapters
    const own = gradientsOf(tiny.runtime, adapter, await selfTaught(tiny, adapter, k, temperature))
    const others = gradientsOf(tiny.runtime, adapter, await selfTaught(tiny, null, k, temperature))
    expect(Math.abs(own.loss)).toBeLessThan(1e-4 * others.loss)
    expect(normOf(own)).toBeLessThan(1e-4 * normOf(others))
  })

  it('finds no divergence in an adapter that changes nothing', async () => {
    const fresh = newAdapter(tiny.source.config, tiny.adapters.adapter.config, 1)
    expect(await divergence(tiny.runtime, answersOf(tiny), fresh)).toBe(0)
  })
})

describe('training with a teacher', () => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny('llama-tied', 'graph')
  })
  afterAll(() => tiny.runtime.executor.close())

  const recipe = (rowsPerStep: number, tokensPerBatch: number, epochs: number) => ({
    lora: tiny.adapters.adapter.config,
    ...{ epochs, learningRate: 0.01, schedule: 'constant' as const, warmupSteps: 0, weightDecay: 0, clipNorm: 1 },
    ...{ rowsPerStep, tokensPerBatch, seed: 1 },
  })

  it('takes the same steps in one call and in micro-batches that add up', async () => {
    const run = async (tokensPerBatch: number) =>
      train(tiny.runtime, goldenExamples(tiny), recipe(3, tokensPerBatch, 3), { from: tiny.adapters.adapter })
    const [whole, parts] = [await run(1024), await run(12)]
    expect(maxDifference(parts.losses, whole.losses)).toBeLessThan(1e-4)
    for (const [tensor, { data }] of whole.adapter.tensors)
      expect(relativeError(parts.adapter.tensors.get(tensor)?.data ?? [], data), tensor).toBeLessThan(1e-3)
  })

  it('brings the student to the teacher', async () => {
    const base = await selfTaught(tiny, null, 16, 1)
    const before = await divergence(tiny.runtime, answersOf(tiny), tiny.adapters.adapter)
    const { adapter } = await train(tiny.runtime, base, recipe(3, 1024, 60), { from: tiny.adapters.adapter })
    expect(await divergence(tiny.runtime, answersOf(tiny), adapter)).toBeLessThan(0.2 * before)
  })

  it('leaves a step in which no row distils to the very same bytes', async () => {
    const plain = goldenExamples(tiny).map(({ tokens, lossFrom }) => ({ tokens, lossFrom }))
    const idle = goldenExamples(tiny).map((row) => ({ ...row, objective: { crossEntropy: 1, distillation: 0 } }))
    const expected = await train(tiny.runtime, plain, recipe(2, 1024, 2))
    expect(await train(tiny.runtime, idle, recipe(2, 1024, 2))).toEqual(expected)
  })

  it('leaks no tensor', async () => {
    const rows = answersOf(tiny)
    const once = async () => {
      await teach(tiny.runtime, rows, { k: 8 })
      await divergence(tiny.runtime, rows, tiny.adapters.adapter)
      await train(tiny.runtime, goldenExamples(tiny), recipe(2, 1024, 2))
    }
    await once()
    const before = tensorflow().getNumOfTensors()
    for (let round = 0; round < 5; round++) await once()
    expect(tensorflow().getNumOfTensors()).toBe(before)
  })

  const refused: [string, (row: TaughtRow) => TrainingExample][] = [
    ['distillation without a teacher', ({ tokens, lossFrom, objective }) => ({ tokens, lossFrom, objective })],
    ['a teacher of other labels', (row) => ({ ...row, lossFrom: row.lossFrom + 1 })],
    ['a temperature of 0', (row) => ({ ...row, teacher: { ...row.teacher, temperature: 0 } })],
    ['a token named twice', (row) => ({ ...row, teacher: { ...row.teacher, tokens: row.teacher.tokens.fill(7) } })],
    [
      'a token outside the vocabulary',
      (row) => ({ ...row, teacher: { ...row.teacher, tokens: row.teacher.tokens.fill(999, 0, 1) } }),
    ],
  ]
  it.each(refused)('refuses %s', async (_, spoil) => {
    const [row] = await selfTaught(tiny, null, 4, 1)
    if (!row) throw new Error('no row')
    await expect(train(tiny.runtime, [spoil(row)], recipe(1, 1024, 1))).rejects.toThrow(RangeError)
  })

  it('refuses teachers that keep different numbers of tokens', async () => {
    const [one, two] = [await selfTaught(tiny, null, 4, 1), await selfTaught(tiny, null, 5, 1)]
    await expect(train(tiny.runtime, [...one, ...two], recipe(1, 1024, 1))).rejects.toThrow('same number of tokens')
  })
})
