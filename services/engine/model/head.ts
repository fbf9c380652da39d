// From hidden vectors to words, for the few rows that need it: the final norm and the output matrix run only on rows
// that carry loss or whose next token is wanted.
import {
  add,
  cast,
  gather,
  logSoftmax,
  matMul,
  mul,
  reshape,
  scatterAdd,
  shapeOf,
  softmaxCrossEntropy,
  sum,
  topK,
} from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext } from './model-context.ts'
import { normBackward, normForward } from './norm.ts'
import type { NormSaved } from './norm.ts'
import { inHalves } from './linear.ts'
import { softLossAndGradient } from './soft-labels.ts'
import type { SoftLabels } from './soft-labels.ts'

const headWeight = (context: ModelContext): Value =>
  context.ops.read(context.config.tiedEmbeddings ? 'w.embed' : 'w.head')

/** Logits [l, vocabulary] of the rows [l] of hidden [n, hidden]. */
export function headForward(context: ModelContext, hidden: Value, rows: Value): { logits: Value; norm: NormSaved } {
  const { ops, frozen } = context
  const norm = normForward(context, gather(ops, hidden, rows), ops.read('w.norm'))
  const logits = matMul(ops, cast(ops, norm.output, frozen), headWeight(context), { transposeB: true })
  return { logits: cast(ops, logits, 'float32'), norm: norm.saved }
}

/**
 * Weighted cross-entropy of label rows, plus the divergence from a teacher's soft labels where there are any, and its
 * gradient by hidden [n, hidden]. `weights` [l] sum to one over an optimiser step, so that micro-batches add up to the
 * mean over its label tokens. `losses` [l] are the weighted cross-entropies.
 */
export function lossAndGradient(
  context: ModelContext,
  hidden: Value,
  labels: { rows: Value; targets: Value; weights: Value; soft?: SoftLabels },
  tokens: Value,
): { loss: Value; losses: Value; gradient: Value } {
  const { ops, config, frozen } = context
  const { logits, norm } = headForward(context, hidden, labels.rows)
  const { losses, gradient } = softmaxCrossEntropy(ops, logits, labels.targets)
  const soft = labels.soft && softLossAndGradient(ops, logits, labels.soft)
  const weighted = mul(ops, losses, labels.weights)
  const hardLoss = sum(ops, weighted, [0], false)
  const hardGradient = mul(ops, gradient, reshape(ops, labels.weights, [-1, 1]))
  const dLogits = soft ? add(ops, hardGradient, soft.gradient) : hardGradient
  const dNormed = cast(ops, matMul(ops, cast(ops, dLogits, frozen), headWeight(context)), 'float32')
  const dRows = normBackward(context, norm, dNormed)
  return {
    loss: soft ? add(ops, hardLoss, soft.loss) : hardLoss,
    losses: weighted,
    gradient: scatterAdd(ops, reshape(ops, labels.rows, [-1, 1]), dRows, shapeOf(ops, [tokens, config.hiddenSize])),
  }
}

/** The k likeliest next tokens after each of the rows [l] of hidden [n, hidden], with their log-probabilities [l, k]. */
export function likeliest(context: ModelContext, hidden: Value, rows: Value, k: Value) {
  const { ops, config, frozen } = context
  const { output } = normForward(context, gather(ops, hidden, rows), ops.read('w.norm'))
  const logits = inHalves(context, cast(ops, output, frozen), headWeight(context), config.vocabSize)
  return topK(ops, logSoftmax(ops, cast(ops, logits, 'float32')), k)
}
