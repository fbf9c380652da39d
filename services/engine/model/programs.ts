// The units of work that the executors run. Sizes are open (-1), so one recording serves every batch; the prefix of
// each feed's comment says its shape (r rows, s positions, l label rows).
import type { ModelConfig } from '../base/model-config.ts'
import type { Program } from '../ops/executor.ts'
import {
  add,
  addAll,
  div,
  l2Loss,
  logSoftmax,
  minimum,
  mul,
  reshape,
  shapeOf,
  softmaxCrossEntropy,
  sqrt,
  square,
  stack,
  sum,
  topK,
  zerosLike,
} from '../ops/math.ts'
import { adamStep } from '../ops/adam-step.ts'
import type { AdamScalars, Ops, Value } from '../ops/ops.ts'
import { advanceForward, type AdvanceInputs } from './advance.ts'
import { arrangeCache, copyInCache } from './cache.ts'
import { headForward, likeliest, lossAndGradient } from './head.ts'
import { GROUPS, LORA_VARIABLES, lorasOf, severalName } from './lora-layout.ts'
import type { ModelContext } from './model-context.ts'
import { divergenceOf } from './soft-labels.ts'
import type { SoftLabels } from './soft-labels.ts'
import { backward, forward } from './transformer.ts'
import type { GroupName } from './transformer.ts'
import type { FrozenDtype } from './weights.ts'

type ContextOf = (ops: Ops, lora: boolean) => ModelContext
type Feeds = Readonly<Record<string, Value>>

const int = (...shape: number[]) => ({ dtype: 'int32' as const, shape })
const float = (...shape: number[]) => ({ dtype: 'float32' as const, shape })

/** A batch of whole sequences, padded on the right to s. */
const sequenceFeeds = {
  /** [r * s] */
  ids: int(-1),
  rows: int(),
  /** [q and k heads, 1, s, head size] */
  cos: float(-1, -1, -1, -1),
  sin: float(-1, -1, -1, -1),
  /** [s, s] */
  mask: float(-1, -1),
}
const labelFeeds = {
  tokens: int(),
  /** [l], indices into [r * s] */
  labelRows: int(-1),
  targets: int(-1),
  labelWeights: float(-1),
}
/** Of the label rows that have a teacher; see SoftLabels. */
const softFeeds = {
  softPlaces: int(-1, -1, 2),
  softProbabilities: float(-1, -1),
  softTails: float(-1),
  softNegentropies: float(-1),
  softWeights: float(-1),
  softTemperatures: float(-1),
}
const adamFeeds = {
  clipNorm: float(),
  learningRate: float(),
  decay: float(),
  beta1: float(),
  beta2: float(),
  epsilon: float(),
  beta1Power: float(),
  beta2Power: float(),
}

/** [r * s, columns] of each group of linears; see ModelContext. */
const scaleFeeds = Object.fromEntries(Object.keys(GROUPS).map((group) => [`scales.${group}`, float(-1, -1)]))

/** [1, adapters, 1, 1] each. */
const severalAdamFeeds = Object.fromEntries(Object.keys(adamFeeds).map((name) => [name, float(1, -1, 1, 1)]))

/** See AdvanceInputs. */
const advanceFeeds = {
  ids: int(-1),
  cos: float(-1, 1, -1, -1),
  sin: float(-1, 1, -1, -1),
  written: int(-1),
  parts: int(),
  partLength: int(),
  partWindow: int(),
  partPlaces: int(-1),
  partTokens: int(-1),
  partSeen: int(-1),
  partMask: float(-1, -1, -1),
  singles: int(),
  singleTokens: int(-1),
  capacity: int(),
  cacheRows: int(),
  singleMask: float(-1, 1, 1, -1),
  /** [l], of the tokens. */
  lastRows: int(-1),
  k: int(),
  ...scaleFeeds,
}

function feed(feeds: Feeds, name: string): Value {
  const value = feeds[name]
  if (!value) throw new Error(`no feed ${name}`)
  return value
}

const scalesOf = (feeds: Feeds) =>
  Object.fromEntries(Object.keys(GROUPS).map((group) => [group, feed(feeds, `scales.${group}`)]))

const stepOf = (feeds: Feeds) => ({
  tables: { cos: feed(feeds, 'cos'), sin: feed(feeds, 'sin') },
  mask: feed(feeds, 'mask'),
  rows: feed(feeds, 'rows'),
})

function advanceInputsOf(feeds: Feeds): AdvanceInputs {
  return {
    ids: feed(feeds, 'ids'),
    tables: { cos: feed(feeds, 'cos'), sin: feed(feeds, 'sin') },
    written: feed(feeds, 'written'),
    parts: {
      count: feed(feeds, 'parts'),
      length: feed(feeds, 'partLength'),
      window: feed(feeds, 'partWindow'),
      places: feed(feeds, 'partPlaces'),
      tokens: feed(feeds, 'partTokens'),
      seen: feed(feeds, 'partSeen'),
      mask: feed(feeds, 'partMask'),
    },
    singles: {
      count: feed(feeds, 'singles'),
      tokens: feed(feeds, 'singleTokens'),
      capacity: feed(feeds, 'capacity'),
      cacheRows: feed(feeds, 'cacheRows'),
      mask: feed(feeds, 'singleMask'),
    },
  }
}

function softLabelsOf(feeds: Feeds): SoftLabels {
  return {
    places: feed(feeds, 'softPlaces'),
    probabilities: feed(feeds, 'softProbabilities'),
    tails: feed(feeds, 'softTails'),
    negentropies: feed(feeds, 'softNegentropies'),
    weights: feed(feeds, 'softWeights'),
    temperatures: feed(feeds, 'softTemperatures'),
  }
}

/** Loss of a micro-batch and the gradients of the adapter's variables, named as they are. */
function gradientsOf(
  context: ModelContext,
  feeds: Feeds,
): { loss: Value; losses: Value; gradients: Record<string, Value> } {
  const { ops } = context
  const step = stepOf(feeds)
  const result = forward(context, step, feed(feeds, 'ids'))
  const labels = {
    rows: feed(feeds, 'labelRows'),
    targets: feed(feeds, 'targets'),
    weights: feed(feeds, 'labelWeights'),
    ...(feeds['softPlaces'] ? { soft: softLabelsOf(feeds) } : {}),
  }
  const { loss, losses, gradient } = lossAndGradient(context, result.hidden, labels, feed(feeds, 'tokens'))
  const layers = backward(context, step, result, gradient)
  const gradients: Record<string, Value> = {}
  for (const name of Object.keys(GROUPS) as GroupName[]) {
    const { a, b } = lorasOf(GROUPS[name])
    gradients[a] = stack(
      ops,
      layers[name].map((layer) => layer.a),
    )
    b.forEach((matrix, index) => {
      gradients[matrix] = stack(
        ops,
        layers[name].flatMap((layer) => layer.b[index] ?? []),
      )
    })
  }
  return { loss, losses, gradients }
}

/** Clips to the global norm (torch's formula) and takes one AdamW step; returns the norm before clipping. */
function applyGradients(ops: Ops, gradients: Readonly<Record<string, Value>>, feeds: Feeds): Value {
  const halves = addAll(
    ops,
    Object.values(gradients).map((gradient) => l2Loss(ops, gradient)),
  )
  const norm = sqrt(ops, mul(ops, halves, ops.constant(2)))
  const ratio = div(ops, feed(feeds, 'clipNorm'), add(ops, norm, ops.constant(1e-6)))
  const factor = minimum(ops, ops.constant(1), ratio)
  const scalars = adamScalarsOf(feeds)
  for (const [name, gradient] of Object.entries(gradients)) ops.applyAdam(name, mul(ops, gradient, factor), scalars)
  return norm
}

const adamScalarsOf = (feeds: Feeds): AdamScalars => ({
  learningRate: feed(feeds, 'learningRate'),
  decay: feed(feeds, 'decay'),
  beta1: feed(feeds, 'beta1'),
  beta2: feed(feeds, 'beta2'),
  epsilon: feed(feeds, 'epsilon'),
  beta1Power: feed(feeds, 'beta1Power'),
  beta2Power: feed(feeds, 'beta2Power'),
})

/** The same for several adapters [layers, adapters, ...]: each is clipped to its own norm, [adapters], and has its own step. */
function applySeveral(ops: Ops, feeds: Feeds): Value {
  const names = LORA_VARIABLES.map(severalName)
  const squares = names.map((name) => sum(ops, square(ops, ops.read(`sum.${name}`)), [0, 2, 3], true))
  // [1, adapters, 1, 1], as the feeds are.
  const norms = sqrt(ops, addAll(ops, squares))
  const ratio = div(ops, feed(feeds, 'clipNorm'), add(ops, norms, ops.constant(1e-6)))
  const factor = minimum(ops, ops.constant(1), ratio)
  for (const name of names) {
    const gradient = ops.read(`sum.${name}`)
    adamStep(ops, name, mul(ops, gradient, factor), adamScalarsOf(feeds))
    ops.assign(`sum.${name}`, zerosLike(ops, gradient))
  }
  return reshape(ops, norms, [-1])
}

/**
 * The programs of a base. Without `training` the recording is a third as large, which is memory and time at the start
 * of a process that only answers.
 */
export function modelPrograms(config: ModelConfig, frozen: FrozenDtype, training: boolean): Record<string, Program> {
  const contextOf = (ops: Ops, lora: boolean): ModelContext => ({ ops, config, frozen, lora })
  return {
    ...(training ? { ...trainingPrograms(contextOf), ...teachingPrograms(contextOf) } : {}),
    score_base: scoreProgram(contextOf, false),
    score_lora: scoreProgram(contextOf, true),
    ...generationPrograms(contextOf),
  }
}

function trainingPrograms(contextOf: ContextOf): Record<string, Program> {
  const accumulate: Program['build'] = (ops, feeds) => {
    const { loss, gradients } = gradientsOf(contextOf(ops, true), feeds)
    for (const [name, gradient] of Object.entries(gradients)) ops.addTo(`sum.${name}`, gradient)
    return { loss }
  }
  return {
    /** Forward, backward, clip and AdamW in one call. */
    step: {
      feeds: { ...sequenceFeeds, ...labelFeeds, ...adamFeeds },
      build(ops, feeds) {
        const { loss, gradients } = gradientsOf(contextOf(ops, true), feeds)
        return { loss, norm: applyGradients(ops, gradients, feeds) }
      },
    },
    /** A micro-batch of several: the gradients are added up in `sum.*`. */
    accumulate: { feeds: { ...sequenceFeeds, ...labelFeeds }, build: accumulate },
    /**
     * The same for a batch in which a teacher takes part; apart, so that plain ones cost what they did. A step of one
     * batch is this and `apply`: a whole step in one call would be 5,000 nodes more to load.
     */
    accumulate_soft: { feeds: { ...sequenceFeeds, ...labelFeeds, ...softFeeds }, build: accumulate },
    /** The same for several adapters: each one's loss is the sum of its labels' in `losses` [l]. */
    accumulate_several: {
      feeds: { ...sequenceFeeds, ...labelFeeds, adapters: int(), tokensEach: int() },
      build(ops, feeds) {
        const several = {
          apart: shapeOf(ops, [feed(feeds, 'adapters'), feed(feeds, 'tokensEach'), -1]),
          joined: shapeOf(ops, [feed(feeds, 'tokens'), -1]),
        }
        const { losses, gradients } = gradientsOf({ ...contextOf(ops, true), several }, feeds)
        for (const [name, gradient] of Object.entries(gradients)) ops.addTo(`sum.${severalName(name)}`, gradient)
        return { losses }
      },
    },
    apply_several: { feeds: severalAdamFeeds, build: (ops, feeds) => ({ norms: applySeveral(ops, feeds) }) },
    /** The AdamW step on what was added up, which is then cleared. */
    apply: {
      feeds: adamFeeds,
      build(ops, feeds) {
        const gradients = Object.fromEntries(LORA_VARIABLES.map((name) => [name, ops.read(`sum.${name}`)]))
        const norm = applyGradients(ops, gradients, feeds)
        for (const [name, gradient] of Object.entries(gradients)) ops.assign(`sum.${name}`, zerosLike(ops, gradient))
        return { norm }
      },
    },
  }
}

/** What is said about next tokens at label rows: by a teacher to learn from, and by base and adapter side by side. */
function teachingPrograms(contextOf: ContextOf): Record<string, Program> {
  const feeds = { ...sequenceFeeds, labelRows: int(-1), targets: int(-1), temperature: float(), k: int() }
  const logitsOf = (ops: Ops, fed: Feeds, lora: boolean): Value => {
    const context = contextOf(ops, lora)
    return headForward(context, forward(context, stepOf(fed), feed(fed, 'ids')).hidden, feed(fed, 'labelRows')).logits
  }
  const teach = (ops: Ops, fed: Feeds, logits: Value) => {
    const best = topK(ops, logSoftmax(ops, div(ops, logits, feed(fed, 'temperature'))), feed(fed, 'k'))
    const { losses } = softmaxCrossEntropy(ops, logits, feed(fed, 'targets'))
    return { losses, logprobs: best.values, tokens: best.indices }
  }
  return {
    /** -log p of the target of each label row, [l], and the k likeliest tokens with their log-probabilities, [l, k]. */
    teach_base: { feeds, build: (ops, fed) => teach(ops, fed, logitsOf(ops, fed, false)) },
    /** Also KL(base || adapter) of each label row over the whole vocabulary, nats, [l]: the base runs for that alone. */
    teach_lora: {
      feeds,
      build(ops, fed) {
        const logits = logitsOf(ops, fed, true)
        return { ...teach(ops, fed, logits), divergences: divergenceOf(ops, logitsOf(ops, fed, false), logits) }
      },
    },
  }
}

/** -log p of the target of each label row, [l], and the logits [l, vocabulary] behind it; with an adapter or the bare base. */
function scoreProgram(contextOf: ContextOf, lora: boolean): Program {
  return {
    feeds: { ...sequenceFeeds, labelRows: int(-1), targets: int(-1) },
    build(ops, feeds) {
      const context = contextOf(ops, lora)
      const { hidden } = forward(context, stepOf(feeds), feed(feeds, 'ids'))
      const { logits } = headForward(context, hidden, feed(feeds, 'labelRows'))
      return { losses: softmaxCrossEntropy(ops, logits, feed(feeds, 'targets')).losses, logits }
    },
  }
}

/** What generation consists of; rows of any adapters, and of none, run side by side. */
function generationPrograms(contextOf: ContextOf): Record<string, Program> {
  return {
    /**
     * Takes sequences further and gives the next tokens after `lastRows`. One program for prompts and answers, since packed
     * weights stand in memory once for each that uses them.
     */
    advance: {
      feeds: advanceFeeds,
      build(ops, feeds) {
        const context = { ...contextOf(ops, true), scales: scalesOf(feeds) }
        const hidden = advanceForward(context, advanceInputsOf(feeds))
        const best = likeliest(context, hidden, feed(feeds, 'lastRows'), feed(feeds, 'k'))
        return { logprobs: best.values, tokens: best.indices }
      },
    },
    /** Makes the cache anew of these of its rows. */
    arrange: {
      feeds: { kept: int(-1) },
      build(ops, feeds) {
        arrangeCache(contextOf(ops, false), feed(feeds, 'kept'))
        return {}
      },
    },
    /** Copies rows of the cache to others. */
    copy: {
      feeds: { from: int(-1), to: int(-1) },
      build(ops, feeds) {
        copyInCache(contextOf(ops, false), feed(feeds, 'from'), feed(feeds, 'to'))
        return {}
      },
    },
  }
}
