// Learning from a teacher's distributions: forward KL(teacher || student) and its gradient by the student's logits. A
// teacher is known by its k likeliest tokens; the rest is one more outcome, the tail. (Renormalising over the k instead
// gives a biased teacher that pushes the tail to nothing, arXiv 2503.16870: a student equal to its teacher would still
// be moved, and an anchor could not hold it.) With a tail the divergence is that of the k + 1 outcomes: a lower bound of
// the whole one, zero with a zero gradient when student and teacher agree.
import {
  div,
  exp,
  gatherAt,
  log,
  logSoftmax,
  maximum,
  mul,
  replaceAt,
  reshape,
  sub,
  sum,
  zerosLike,
} from '../ops/math.ts'
import type { Ops, Value } from '../ops/ops.ts'

export interface SoftLabels {
  /** Row and token of each of the teacher's k tokens, [l, k, 2]; no token twice in a row. */
  places: Value
  /** The teacher's probabilities of them at the row's temperature, [l, k]. */
  probabilities: Value
  /** What they leave of 1, [l]. */
  tails: Value
  /** Sum of q log q over the k + 1 outcomes, [l]. */
  negentropies: Value
  /** [l]; 0 where a row has no teacher. */
  weights: Value
  /** Divides the logits, [l]; the loss is multiplied by its square, which keeps gradients in size (Hinton 2015). */
  temperatures: Value
}

/** Keeps the logarithm of a tail finite that has underflowed. */
const TAIL_MIN = 1e-30

/**
 * Of logits [l, v]: the weighted sum of T^2 KL(q || p) over rows, with p = softmax(logits / T), and its gradient [l, v].
 * By a logit of the k it is w T (p - q); by one of the tail w T p (1 - q_tail / p_tail).
 */
export function softLossAndGradient(ops: Ops, logits: Value, labels: SoftLabels): { loss: Value; gradient: Value } {
  const { places, probabilities, tails, negentropies, weights, temperatures } = labels
  const columnOf = (vector: Value) => reshape(ops, vector, [-1, 1])
  const logprobs = logSoftmax(ops, div(ops, logits, columnOf(temperatures)))
  const p = exp(ops, logprobs)
  const known = gatherAt(ops, p, places)
  // The tail's mass is summed from its own entries: as 1 minus the others it would drown in rounding once it is small.
  const tail = replaceAt(ops, p, places, zerosLike(ops, known))
  const tailMass = maximum(ops, sum(ops, tail, [-1], false), ops.constant(TAIL_MIN))
  const crossKnown = sum(ops, mul(ops, probabilities, gatherAt(ops, logprobs, places)), [-1], false)
  const crossTail = mul(ops, tails, log(ops, tailMass))
  const divergences = sub(ops, sub(ops, negentropies, crossKnown), crossTail)

  const scaled = mul(ops, weights, temperatures)
  const onTail = mul(ops, scaled, sub(ops, ops.constant(1), div(ops, tails, tailMass)))
  const onKnown = mul(ops, sub(ops, known, probabilities), columnOf(scaled))
  return {
    loss: sum(ops, mul(ops, divergences, mul(ops, scaled, temperatures)), [0], false),
    gradient: replaceAt(ops, mul(ops, tail, columnOf(onTail)), places, onKnown),
  }
}

/** KL(p || q) of each row [l] in nats, p and q given as logits [l, v]. */
export function divergenceOf(ops: Ops, pLogits: Value, qLogits: Value): Value {
  const logP = logSoftmax(ops, pLogits)
  return sum(ops, mul(ops, exp(ops, logP), sub(ops, logP, logSoftmax(ops, qLogits))), [-1], false)
}
