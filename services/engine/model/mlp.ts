// SwiGLU between the MLP's linears: h = silu(gate) up, and its gradient.
import { add, mul, sigmoid, sub } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext } from './model-context.ts'

export interface SwigluSaved {
  /** sigmoid(gate) */
  gateSigmoid: Value
  /** silu(gate) = gate sigmoid(gate) */
  gateSilu: Value
  up: Value
  /** silu(gate) up */
  output: Value
}

/** gate and up [n, mlp size]. */
export function swigluForward(context: ModelContext, gate: Value, up: Value): { output: Value; saved: SwigluSaved } {
  const { ops } = context
  const gateSigmoid = sigmoid(ops, gate)
  const gateSilu = mul(ops, gate, gateSigmoid)
  const output = mul(ops, gateSilu, up)
  return { output, saved: { gateSigmoid, gateSilu, up, output } }
}

/** With s = sigmoid(gate) and h = silu(gate) up: up silu' = up (s + silu (1 - s)) = h + s (up - h). */
export function swigluBackward(context: ModelContext, saved: SwigluSaved, gradient: Value): { gate: Value; up: Value } {
  const { ops } = context
  const { gateSigmoid, gateSilu, up, output } = saved
  const slope = add(ops, output, mul(ops, gateSigmoid, sub(ops, up, output)))
  return { gate: mul(ops, gradient, slope), up: mul(ops, gradient, gateSilu) }
}
