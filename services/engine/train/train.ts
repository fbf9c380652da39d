// Training of one adapter on the frozen base. A step with one micro-batch is a single session call from forward to
// AdamW; a larger one, or one with a teacher, adds gradients up first. Between steps the event loop runs, so leases
// renew and cancels arrive.
import { setImmediate } from 'node:timers/promises'
import type { Adapter } from '../adapter/adapter.ts'
import type {
  TrainingCheckpoint,
  TrainingExample,
  TrainingRecipe,
  TrainingResult,
  TrainingStep,
  TrainOptions,
} from '../engine.ts'
import { LORA_VARIABLES, packConstants, packTensors, unpackTensors } from '../model/lora-layout.ts'
import type { Runtime } from '../model/runtime.ts'
import { scalarFloat } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'
import { planSteps } from './plan-steps.ts'
import type { StepRows } from './plan-steps.ts'
import { adamNumbers } from './adam-numbers.ts'
import { batchFeeds, labelTokensOf } from './batch-feeds.ts'
import { checkExamples } from './check-examples.ts'
import { distils } from './soft-feeds.ts'
import { newAdapter, zeroTensors } from './new-adapter.ts'

/** @throws the signal's reason when cancelled; RangeError for unusable examples. */
export async function train(
  runtime: Runtime,
  examples: readonly TrainingExample[],
  recipe: TrainingRecipe,
  options: TrainOptions = {},
): Promise<TrainingResult> {
  checkExamples(examples, runtime.config)
  const plan = planSteps(examples, recipe).map(({ rows }) => rows)
  const losses: number[] = []
  const start = beginTraining(runtime, recipe, options)
  let trainedTokens = plan.slice(0, start).reduce((sum, step) => sum + tokensOf(step), 0)
  try {
    for (let step = start; step < plan.length; step++) {
      options.signal?.throwIfAborted()
      const rows = plan[step] ?? []
      const { loss, gradientNorm } = runStep(runtime, rows, recipe, step, plan.length)
      if (!Number.isFinite(loss)) throw new Error(`training diverged at step ${step + 1}: the loss is ${loss}`)
      losses.push(loss)
      trainedTokens += tokensOf(rows)
      const report: TrainingStep = { step: step + 1, steps: plan.length, loss, gradientNorm, tokens: tokensOf(rows) }
      options.onStep?.(report)
      const due = options.checkpointSteps && (step + 1) % options.checkpointSteps === 0 && step + 1 < plan.length
      if (due && options.onCheckpoint) await options.onCheckpoint(readCheckpoint(runtime, recipe, step + 1))
      await setImmediate()
    }
    return { adapter: readAdapter(runtime, recipe), losses, trainedTokens, steps: plan.length }
  } finally {
    releaseMoments(runtime)
  }
}

/** Puts adapter and moments into the variables; returns the first step to run. */
function beginTraining(runtime: Runtime, recipe: TrainingRecipe, options: TrainOptions): number {
  const { config, executor } = runtime
  const { lora } = recipe
  const from = options.resume?.adapter ?? options.from ?? newAdapter(config, lora, recipe.seed)
  if (from.config.rank !== lora.rank || from.config.targets.join() !== lora.targets.join())
    throw new RangeError('the adapter to go on from has another rank or other target layers than the recipe')
  // Its B was trained to act at its own strength; under the recipe's it would be a different adapter from the first step.
  if (from.config.alpha !== lora.alpha)
    throw new RangeError('the adapter to go on from has another alpha than the recipe, or was clipped')
  runtime.forget()
  const zero = packTensors(config, lora, zeroTensors(config, lora))
  const first = options.resume ? packTensors(config, lora, options.resume.firstMoment) : zero
  const second = options.resume ? packTensors(config, lora, options.resume.secondMoment) : zero
  executor.assign({ ...packTensors(config, lora, from.tensors), ...packConstants(config, lora) })
  // One array may not stand behind two variables: Adam writes in place.
  executor.assign(copies('m.', first))
  executor.assign(copies('v.', second))
  executor.assign(copies('sum.', zero))
  return options.resume?.step ?? 0
}

export function copies(prefix: string, arrays: Readonly<Record<string, HostArray>>): Record<string, HostArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [`${prefix}${name}`, { shape, data: data.slice() }]),
  )
}

/** Loss and gradients of an adapter on some examples, by the adapter's names; for tests and diagnosis. */
export function gradientsOf(
  runtime: Runtime,
  adapter: Adapter,
  examples: readonly TrainingExample[],
): { loss: number; gradients: Adapter['tensors'] } {
  const { config, executor } = runtime
  const zero = packTensors(config, adapter.config, zeroTensors(config, adapter.config))
  runtime.use(adapter)
  executor.assign(copies('sum.', zero))
  const labels = labelTokensOf(examples)
  const { loss } = accumulate(runtime, examples, labels)
  const sums = executor.fetchVariables(LORA_VARIABLES.map((name) => `sum.${name}`))
  const named = Object.fromEntries(Object.entries(sums).map(([name, value]) => [name.slice('sum.'.length), value]))
  return { loss: scalar(loss), gradients: unpackTensors(config, adapter.config, named) }
}

/** Empty moments give their memory back until the next training. */
function releaseMoments(runtime: Runtime): void {
  const empty = { shape: [0], data: new Float32Array(0) }
  const names = ['m.', 'v.', 'sum.'].flatMap((prefix) => LORA_VARIABLES.map((name) => `${prefix}${name}`))
  runtime.executor.assign(Object.fromEntries(names.map((name) => [name, empty])))
}

function runStep(runtime: Runtime, rows: StepRows, recipe: TrainingRecipe, step: number, steps: number) {
  const { executor } = runtime
  const labels = labelTokensOf(rows.flat())
  const adam = adamFeeds(recipe, step, steps)
  const [first] = rows
  if (rows.length === 1 && first && !first.some(distils)) {
    const out = executor.run('step', { ...batchFeeds(runtime.batchSharing, first, () => labels), ...adam })
    return { loss: scalar(out['loss']), gradientNorm: scalar(out['norm']) }
  }
  let loss = 0
  for (const batch of rows) loss += scalar(accumulate(runtime, batch, labels)['loss'])
  return { loss, gradientNorm: scalar(executor.run('apply', adam)['norm']) }
}

function accumulate(runtime: Runtime, examples: readonly TrainingExample[], labels: number): Record<string, HostArray> {
  const feeds = batchFeeds(runtime.batchSharing, examples, () => labels)
  return runtime.executor.run(examples.some(distils) ? 'accumulate_soft' : 'accumulate', feeds)
}

function adamFeeds(recipe: TrainingRecipe, step: number, steps: number): Record<string, HostArray> {
  const numbers = Object.entries(adamNumbers(recipe, step, steps))
  return Object.fromEntries(numbers.map(([name, number]) => [name, scalarFloat(number)]))
}

function readTensors(runtime: Runtime, recipe: TrainingRecipe, prefix: string): Adapter['tensors'] {
  const fetched = runtime.executor.fetchVariables(LORA_VARIABLES.map((name) => `${prefix}${name}`))
  const named = Object.fromEntries(Object.entries(fetched).map(([name, value]) => [name.slice(prefix.length), value]))
  return unpackTensors(runtime.config, recipe.lora, named)
}

const readAdapter = (runtime: Runtime, recipe: TrainingRecipe): Adapter => ({
  config: recipe.lora,
  tensors: readTensors(runtime, recipe, ''),
})

const readCheckpoint = (runtime: Runtime, recipe: TrainingRecipe, step: number): TrainingCheckpoint => ({
  step,
  adapter: readAdapter(runtime, recipe),
  firstMoment: readTensors(runtime, recipe, 'm.'),
  secondMoment: readTensors(runtime, recipe, 'v.'),
})

export const tokensOf = (rows: StepRows): number => rows.flat().reduce((sum, example) => sum + example.tokens.length, 0)

function scalar(array: HostArray | undefined): number {
  return array?.data[0] ?? Number.NaN
}
