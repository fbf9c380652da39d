// Training against torch's AdamW, and the promises around it: the base untouched, the same seed the same bytes, crashes
// survived, nothing leaked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TrainingCheckpoint, TrainingRecipe } from '../../../services/engine/engine.ts'
import { LINEAR_NAMES } from '../../../services/engine/base/model-config.ts'
import { encodeAdapter } from '../../../services/engine/adapter/peft.ts'
import { scaleAdapter } from '../../../services/engine/adapter/adapter.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import { train } from '../../../services/engine/train/train.ts'
import { openTiny, relativeError, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

function examplesOf(tiny: Tiny) {
  return tiny.golden.rows.map((tokens, row) => ({ tokens, lossFrom: tiny.golden.lossFrom[row] ?? 0 }))
}

/** The recipe of the golden steps: all rows in each step, constant rate. */
function goldenRecipe(tiny: Tiny, changes: Partial<TrainingRecipe> = {}): TrainingRecipe {
  const { learningRate, weightDecay, clipNorm } = tiny.golden.optimizer
  return {
    lora: tiny.adapters.adapter.config,
    epochs: 3,
    learningRate,
    schedule: 'constant',
    warmupSteps: 0,
    weightDecay,
    clipNorm,
    rowsPerStep: 3,
    tokensPerBatch: 1024,
    seed: 1,
    ...changes,
  }
}

const CASES = TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor })))

describe.each(CASES)('$name, $executor', ({ name, executor }) => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(name, executor)
  })
  afterAll(() => tiny.runtime.executor.close())

  it.each([
    ['in one call', 1024],
    ['in micro-batches that add up', 12],
  ])("takes three AdamW steps equal to torch's, %s", async (_, tokensPerBatch) => {
    const after: Adapter[] = []
    const steps: { loss: number; gradientNorm: number }[] = []
    const result = await train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny, { tokensPerBatch }), {
      from: tiny.adapters.adapter,
      checkpointSteps: 1,
      onCheckpoint: async (checkpoint) => void after.push(checkpoint.adapter),
      onStep: (step) => steps.push(step),
    })
    after.push(result.adapter)
    expect(after).toHaveLength(3)
    after.forEach((adapter, step) => {
      for (const [tensor, { data }] of adapter.tensors)
        expect(relativeError(data, tiny.expected(`step${step + 1}.${tensor}`)), `${step} ${tensor}`).toBeLessThan(1e-3)
    })
    steps.forEach(({ loss, gradientNorm }, step) => {
      expect(loss).toBeCloseTo(tiny.golden.steps[step]?.loss ?? NaN, 3)
      expect(gradientNorm).toBeCloseTo(tiny.golden.steps[step]?.gradientNorm ?? NaN, 3)
    })
  })
})

describe('training', () => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny('llama-tied', 'graph')
  })
  afterAll(() => tiny.runtime.executor.close())
  const fresh = { lora: { rank: 4, alpha: 8, targets: LINEAR_NAMES } }
  const bytesOf = (adapter: Adapter) => encodeAdapter(adapter, tiny.source)

  it('leaves every weight of the base bit-equal', async () => {
    const names = ['w.embed', 'w.norm', 'w.0.qkv', 'w.0.o', 'w.1.gate', 'w.1.up', 'w.1.down', 'w.1.norm1', 'w.1.norm2']
    const before = tiny.runtime.executor.fetchVariables(names)
    await train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny, fresh))
    expect(tiny.runtime.executor.fetchVariables(names)).toEqual(before)
  })

  it('gives the same bytes for the same seed, and others for another', async () => {
    const run = async (seed: number) =>
      bytesOf(
        (await train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny, { ...fresh, rowsPerStep: 2, seed }))).adapter,
      )
    const first = await run(7)
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  it('goes on from a checkpoint to the same bytes as without the interruption', async () => {
    const recipe = goldenRecipe(tiny, { ...fresh, rowsPerStep: 1, schedule: 'cosine' })
    const checkpoints: TrainingCheckpoint[] = []
    const whole = await train(tiny.runtime, examplesOf(tiny), recipe, {
      checkpointSteps: 4,
      onCheckpoint: async (checkpoint) => void checkpoints.push(checkpoint),
    })
    const [resume] = checkpoints
    if (!resume) throw new Error('no checkpoint')
    const resumed = await train(tiny.runtime, examplesOf(tiny), recipe, { resume })
    expect(bytesOf(resumed.adapter)).toEqual(bytesOf(whole.adapter))
    expect(resumed.trainedTokens).toBe(whole.trainedTokens)
  })

  it('learns the rows it is shown', async () => {
    const { losses } = await train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny, { ...fresh, epochs: 40 }))
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0))
  })

  it('leaks no tensor over 100 steps', async () => {
    const recipe = goldenRecipe(tiny, { ...fresh, epochs: 100 })
    await train(tiny.runtime, examplesOf(tiny), { ...recipe, epochs: 1 })
    const before = tensorflow().getNumOfTensors()
    await train(tiny.runtime, examplesOf(tiny), recipe)
    expect(tensorflow().getNumOfTensors()).toBe(before)
  })

  it('stops between steps when it is cancelled', async () => {
    const controller = new AbortController()
    const running = train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny, { ...fresh, epochs: 50 }), {
      signal: controller.signal,
      onStep: ({ step }) => step === 3 && controller.abort(new Error('enough')),
    })
    await expect(running).rejects.toThrow('enough')
  })

  it('refuses to go on from an adapter of another strength, which would change it before the first step', async () => {
    const clipped = scaleAdapter(tiny.adapters.adapter, 0.5)
    const going = train(tiny.runtime, examplesOf(tiny), goldenRecipe(tiny), { from: clipped })
    await expect(going).rejects.toThrow('clipped')
  })

  it.each([
    ['no examples', []],
    ['a loss that starts at the first token', [{ tokens: [1, 2], lossFrom: 0 }]],
    ['a loss on nothing', [{ tokens: [1, 2], lossFrom: 2 }]],
    ['a token outside the vocabulary', [{ tokens: [1, 9999], lossFrom: 1 }]],
    ['a row longer than the base takes', [{ tokens: new Array<number>(300).fill(1), lossFrom: 1 }]],
  ])('refuses %s', async (_, examples) => {
    await expect(train(tiny.runtime, examples, goldenRecipe(tiny, fresh))).rejects.toThrow(RangeError)
  })
})
