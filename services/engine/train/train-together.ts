// Several adapters trained at once on the frozen base: each step runs their batches as one, rows of an adapter beside each
// other, so that the base is gone through once. Every adapter takes the steps that it would take alone (its own rows, rate,
// clipping and moments), so what comes out is what training them one after another gives, within rounding.
import { setImmediate } from 'node:timers/promises'
import type { Training, TrainingExample, TrainingResult, TrainTogetherOptions } from '../engine.ts'
import { packConstants, packTensors, stackAdapters, unpackTensors, unstackAdapters } from '../model/lora-layout.ts'
import { LORA_VARIABLES, severalName } from '../model/lora-layout.ts'
import type { Runtime } from '../model/runtime.ts'
import { scalarInt } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'
import { adamNumbers, IDLE } from './adam-numbers.ts'
import type { AdamNumbers } from './adam-numbers.ts'
import { batchFeeds, labelTokensOf } from './batch-feeds.ts'
import { checkExamples } from './check-examples.ts'
import { newAdapter, zeroTensors } from './new-adapter.ts'
import { planSteps } from './plan-steps.ts'
import type { StepRows } from './plan-steps.ts'
import { distils } from './soft-feeds.ts'
import { copies, tokensOf } from './train.ts'

/** Fills an adapter's share of a batch; it carries no loss. */
const PADDING: TrainingExample = { tokens: [0, 0], lossFrom: 2 }

/**
 * Of all adapters in one batch: what a token leaves behind for the backward pass is a megabyte of the embedded base. Steps that
 * are larger run in several batches.
 */
const TOKENS_MAX = 3072

/** What one adapter has to do and how far it is. */
interface Course {
  training: Training
  /** By slot. */
  plan: Map<number, StepRows>
  step: number
  losses: number[]
  trainedTokens: number
}

/**
 * One result a training, in order. @throws the signal's reason when cancelled; RangeError for unusable examples, for rows
 * with a teacher, and for trainings that differ in the shape of their adapters.
 */
export async function trainTogether(
  runtime: Runtime,
  trainings: readonly Training[],
  { signal, onStep }: TrainTogetherOptions = {},
): Promise<TrainingResult[]> {
  const [first] = trainings
  if (!first) return []
  for (const { examples, recipe } of trainings) {
    checkExamples(examples, runtime.config)
    if (examples.some(distils)) throw new RangeError('rows with a teacher are not trained together')
    if (JSON.stringify(recipe.lora) !== JSON.stringify(first.recipe.lora))
      throw new RangeError('adapters that train together must have the same rank, alpha and targets')
  }
  const courses = trainings.map((training): Course => {
    const tokensPerBatch = Math.min(training.recipe.tokensPerBatch, Math.floor(TOKENS_MAX / trainings.length))
    const plan = planSteps(training.examples, { ...training.recipe, tokensPerBatch })
    return {
      training,
      plan: new Map(plan.map(({ slot, rows }) => [slot, rows])),
      ...{ step: 0, losses: [], trainedTokens: 0 },
    }
  })
  const slots = [...new Set(courses.flatMap(({ plan }) => [...plan.keys()]))].sort((a, b) => a - b)
  begin(runtime, trainings)
  try {
    for (const [index, slot] of slots.entries()) {
      signal?.throwIfAborted()
      runStep(runtime, courses, slot)
      onStep?.({ step: index + 1, steps: slots.length })
      await setImmediate()
    }
    return readResults(runtime, courses)
  } finally {
    release(runtime)
  }
}

function begin({ config, executor }: Runtime, trainings: readonly Training[]): void {
  const zero = stackAdapters(
    config,
    trainings.map(({ recipe }) => packTensors(config, recipe.lora, zeroTensors(config, recipe.lora))),
  )
  const fresh = trainings.map(({ recipe, from }) => {
    const { tensors } = from ?? newAdapter(config, recipe.lora, recipe.seed)
    return packTensors(config, recipe.lora, tensors)
  })
  const [first] = trainings
  executor.assign(stackAdapters(config, fresh))
  if (first) executor.assign(packConstants(config, first.recipe.lora))
  for (const prefix of ['m.', 'v.', 'sum.']) executor.assign(copies(prefix, zero))
}

/** The step of every adapter that has one in this slot. */
function runStep(runtime: Runtime, courses: readonly Course[], slot: number): void {
  const due = courses.map(({ plan }) => plan.get(slot) ?? [])
  const labels = due.map((rows) => labelTokensOf(rows.flat()))
  const losses = courses.map(() => 0)
  for (let batch = 0; batch < Math.max(...due.map((rows) => rows.length)); batch++) {
    const shares = due.map((rows) => rows[batch] ?? [])
    const each = Math.max(...shares.map((share) => share.length))
    const padded = shares.flatMap((share) => [
      ...share,
      ...new Array<TrainingExample>(each - share.length).fill(PADDING),
    ])
    const adapterOf = (row: number): number => Math.floor(row / each)
    const feeds = batchFeeds(runtime.batch, padded, (row) => labels[adapterOf(row)] ?? 1)
    const length = (feeds['ids']?.data.length ?? 0) / padded.length
    const out = runtime.executor.run('accumulate_several', {
      ...feeds,
      adapters: scalarInt(courses.length),
      tokensEach: scalarInt(each * length),
    })
    let label = 0
    padded.forEach(({ tokens, lossFrom }, row) => {
      for (let index = lossFrom; index < tokens.length; index++)
        losses[adapterOf(row)] = (losses[adapterOf(row)] ?? 0) + (out['losses']?.data[label++] ?? NaN)
    })
  }
  const numbers = courses.map(({ training: { recipe }, plan, step }, adapter) =>
    (due[adapter]?.length ?? 0) > 0 ? adamNumbers(recipe, step, plan.size) : IDLE,
  )
  runtime.executor.run('apply_several', severalFeeds(numbers))
  courses.forEach((course, adapter) => {
    const rows = due[adapter] ?? []
    const loss = losses[adapter] ?? NaN
    if (rows.length === 0) return
    if (!Number.isFinite(loss)) throw new Error(`training ${adapter} diverged at step ${course.step + 1}: ${loss}`)
    course.step++
    course.losses.push(loss)
    course.trainedTokens += tokensOf(rows)
  })
}

/** [1, adapters, 1, 1] each. */
function severalFeeds(numbers: readonly AdamNumbers[]): Record<string, HostArray> {
  const names = Object.keys(IDLE) as (keyof AdamNumbers)[]
  return Object.fromEntries(
    names.map((name) => [
      name,
      { shape: [1, numbers.length, 1, 1], data: Float32Array.from(numbers, (own) => own[name]) },
    ]),
  )
}

function readResults({ config, executor }: Runtime, courses: readonly Course[]): TrainingResult[] {
  const stacked = executor.fetchVariables(LORA_VARIABLES.map(severalName))
  return unstackAdapters(config, stacked, courses.length).flatMap((variables, index) => {
    const course = courses[index]
    if (!course) return []
    const { training, losses, trainedTokens, plan } = course
    const { lora } = training.recipe
    const adapter = { config: lora, tensors: unpackTensors(config, lora, variables) }
    return [{ adapter, losses, trainedTokens, steps: plan.size }]
  })
}

/** Weights and moments of many adapters are much memory; and the constants may be of another shape than those in use. */
function release(runtime: Runtime): void {
  const empty = { shape: [0], data: new Float32Array(0) }
  const names = ['', 'm.', 'v.', 'sum.'].flatMap((prefix) =>
    LORA_VARIABLES.map((name) => `${prefix}${severalName(name)}`),
  )
  runtime.executor.assign(Object.fromEntries(names.map((name) => [name, empty])))
  runtime.forget()
}
