// RMSNorm over the last axis: y = x r w with r = 1 / sqrt(mean(x^2) + epsilon). Its weight is frozen.
import { add, mean, mul, rsqrt, square, sub } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext } from './model-context.ts'

export interface NormSaved {
  /** x r */
  normalised: Value
  r: Value
  weight: Value
}

/** x [..., d]; `weight` broadcasts against it. */
export function normForward(context: ModelContext, x: Value, weight: Value): { output: Value; saved: NormSaved } {
  const { ops, config } = context
  const meanSquare = mean(ops, square(ops, x), [-1], true)
  const r = rsqrt(ops, add(ops, meanSquare, ops.constant(config.normEpsilon)))
  const normalised = mul(ops, x, r)
  return { output: mul(ops, normalised, weight), saved: { normalised, r, weight } }
}

/** dx = r (g - n mean(g n)) with g = dy w and n = x r. */
export function normBackward(context: ModelContext, saved: NormSaved, gradient: Value): Value {
  const { ops } = context
  const g = mul(ops, gradient, saved.weight)
  const along = mean(ops, mul(ops, g, saved.normalised), [-1], true)
  return mul(ops, sub(ops, g, mul(ops, saved.normalised, along)), saved.r)
}
