// Adapters trained at once against the same ones trained alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINEAR_NAMES } from '../../../services/engine/base/model-config.ts'
import type { Training, TrainingRecipe } from '../../../services/engine/engine.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import { train } from '../../../services/engine/train/train.ts'
import { trainTogether } from '../../../services/engine/train/train-together.ts'
import { openTiny, relativeError, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

const RECIPE: TrainingRecipe = {
  lora: { rank: 4, alpha: 8, targets: LINEAR_NAMES },
  epochs: 3,
  learningRate: 3e-3,
  schedule: 'linear',
  warmupSteps: 1,
  weightDecay: 0.01,
  clipNorm: 0.5,
  rowsPerStep: 2,
  tokensPerBatch: 1024,
  seed: 1,
}

/** Rows of many lengths, cut out of the golden ones. */
function rowsOf({ golden }: Tiny, count: number) {
  return Array.from({ length: count }, (_, at) => {
    const row = golden.rows[at % golden.rows.length] ?? []
    return { tokens: row.slice(0, Math.max(3, row.length - (at % 4))), lossFrom: 1 + (at % 2) }
  })
}

/** They differ in rows, number of steps, rate, clipping, seed and start. */
function trainingsOn(tiny: Tiny, changes: Partial<TrainingRecipe> = {}): Training[] {
  const recipe = { ...RECIPE, ...changes }
  return [
    { examples: rowsOf(tiny, 7), recipe },
    { examples: rowsOf(tiny, 4).slice(1), recipe: { ...recipe, learningRate: 1e-3, clipNorm: 0 } },
    { examples: rowsOf(tiny, 5), recipe: { ...recipe, epochs: 1, seed: 2 } },
  ]
}

const CASES = TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor })))

describe.each(CASES)('$name, $executor', ({ name, executor }) => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(name, executor)
  })
  afterAll(() => tiny.runtime.executor.close())

  it.each([
    ['in one batch a step', {}],
    ['in micro-batches that add up', { tokensPerBatch: 12, rowsPerStep: 3 }],
    ['with only some layers adapted', { lora: { ...RECIPE.lora, targets: ['q_proj', 'v_proj'] as const } }],
  ])('adapters trained at once are those trained one after another, %s', async (_, changes) => {
    const trainings = trainingsOn(tiny, changes)
    const together = await trainTogether(tiny.runtime, trainings)
    expect(together).toHaveLength(trainings.length)
    for (const [index, { examples, recipe }] of trainings.entries()) {
      const alone = await train(tiny.runtime, examples, recipe)
      const joint = together[index]
      expect(joint?.steps).toBe(alone.steps)
      expect(joint?.trainedTokens).toBe(alone.trainedTokens)
      expect(relativeError(joint?.losses ?? [], alone.losses)).toBeLessThan(1e-4)
      for (const [tensor, { data }] of alone.adapter.tensors)
        expect(relativeError(joint?.adapter.tensors.get(tensor)?.data ?? [], data), `${index} ${tensor}`).toBeLessThan(
          1e-3,
        )
    }
  })
})

describe('training at once', () => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny('llama-tied', 'graph')
  })
  afterAll(() => tiny.runtime.executor.close())

  it('goes on from given adapters', async () => {
    const { adapter: from } = tiny.adapters
    const recipe = { ...RECIPE, lora: from.config }
    const examples = rowsOf(tiny, 4)
    const [joint] = await trainTogether(tiny.runtime, [
      { examples, recipe, from },
      { examples, recipe },
    ])
    const alone = await train(tiny.runtime, examples, recipe, { from })
    for (const [tensor, { data }] of alone.adapter.tensors)
      expect(relativeError(joint?.adapter.tensors.get(tensor)?.data ?? [], data), tensor).toBeLessThan(1e-3)
  })

  it('leaves the base bit-equal and no tensor behind', async () => {
    const names = ['w.embed', 'w.norm', 'w.0.qkv', 'w.1.gate', 'w.1.down', 'w.1.norm2']
    const before = tiny.runtime.executor.fetchVariables(names)
    await trainTogether(tiny.runtime, trainingsOn(tiny))
    const tensors = tensorflow().getNumOfTensors()
    await trainTogether(tiny.runtime, trainingsOn(tiny))
    expect(tensorflow().getNumOfTensors()).toBe(tensors)
    expect(tiny.runtime.executor.fetchVariables(names)).toEqual(before)
  })

  it('stops between steps when it is cancelled', async () => {
    const controller = new AbortController()
    const running = trainTogether(tiny.runtime, trainingsOn(tiny), {
      signal: controller.signal,
      onStep: ({ step }) => step === 2 && controller.abort(new Error('enough')),
    })
    await expect(running).rejects.toThrow('enough')
  })

  it('refuses adapters of different shapes', async () => {
    const [one] = trainingsOn(tiny)
    if (!one) throw new Error('no training')
    const other = { ...one, recipe: { ...one.recipe, lora: { ...one.recipe.lora, rank: 2 } } }
    await expect(trainTogether(tiny.runtime, [one, other])).rejects.toThrow('same rank')
  })
})
