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
}

/** gate and up [n, mlp size]. */
export function swigluForward(context: ModelContext, gate: Value, up: Value): { output: Value; saved: SwigluSaved } {
  const { ops } = context
  const gateSigmoid = sigmoid(ops, gate)
  const gateSilu = mul(ops, gate, gateSigmoid)
  return { output: mul(ops, gateSilu, up), saved: { gateSigmoid, gateSilu, up } }
}

/** silu' = s + silu (1 - s). */
export function swigluBackward(context: ModelContext, saved: SwigluSaved, gradient: Value): { gate: Value; up: Value } {
  const { ops } = context
  const { gateSigmoid, gateSilu, up } = saved
  const slope = add(ops, gateSigmoid, mul(ops, gateSilu, sub(ops, ops.constant(1), gateSigmoid)))
  return { gate: mul(ops, mul(ops, gradient, up), slope), up: mul(ops, gradient, gateSilu) }
}
