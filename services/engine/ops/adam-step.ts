// AdamW op by op, the formula that ResourceApplyAdam computes. The eager executor has no such op on its variables; and
// where several adapters train at once the scalars have an axis of adapters, which the op does not take.
import { add, div, mul, sqrt, square, sub } from './math.ts'
import type { AdamScalars, Ops, Value } from './ops.ts'

/** See `Ops.applyAdam`; the scalars broadcast against the variable. */
export function adamStep(ops: Ops, variable: string, gradient: Value, scalars: AdamScalars): void {
  const { learningRate, decay, beta1, beta2, epsilon, beta1Power, beta2Power } = scalars
  const one = ops.constant(1)
  const weight = mul(ops, ops.read(variable), sub(ops, one, decay))
  const first = add(ops, mul(ops, ops.read(`m.${variable}`), beta1), mul(ops, gradient, sub(ops, one, beta1)))
  const second = add(
    ops,
    mul(ops, ops.read(`v.${variable}`), beta2),
    mul(ops, square(ops, gradient), sub(ops, one, beta2)),
  )
  const rate = div(ops, mul(ops, learningRate, sqrt(ops, sub(ops, one, beta2Power))), sub(ops, one, beta1Power))
  const step = div(ops, mul(ops, first, rate), add(ops, sqrt(ops, second), epsilon))
  ops.assign(`m.${variable}`, first)
  ops.assign(`v.${variable}`, second)
  ops.assign(variable, sub(ops, weight, step))
}
