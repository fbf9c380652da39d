// The op interface the model is written against. Two executors stand behind it: eager runs each op as it is named
// (debugging, golden tests), graph records the ops and runs a whole step in one session call.
import type { Dtype } from '../tensorflow.ts'

/** A tensor to be: an id of the eager executor or an output of a graph node. Opaque to the model. */
export interface Value {
  readonly dtype: Dtype
}

/** `{ type }` is a dtype attribute, `{ float }` a float; a plain number is an int. */
export type Attribute = boolean | number | { type: Dtype } | { float: number } | { ints: readonly number[] }
export type Attributes = Readonly<Record<string, Attribute>>

/** The step sizes of one Adam update, scalars of this step; see `applyAdam`. */
export interface AdamScalars {
  learningRate: Value
  /** learning rate times weight decay: the share of each weight that is taken off first. */
  decay: Value
  beta1: Value
  beta2: Value
  epsilon: Value
  /** beta to the power of the step, for the bias correction. */
  beta1Power: Value
  beta2Power: Value
}

export interface Ops {
  /** Any TensorFlow op; `outputs` are the dtypes of its outputs. Type attributes must be written out. */
  op(name: string, attributes: Attributes, inputs: readonly Value[], outputs: readonly Dtype[]): Value[]
  /** A small constant; equal ones are shared. */
  constant(values: number | readonly number[], dtype?: 'float32' | 'int32'): Value
  /** The value of a variable at the start of the step. */
  read(variable: string): Value
  assign(variable: string, value: Value): void
  addTo(variable: string, value: Value): void
  /**
   * x [n, k] times weight [outputs, k], transposed; `weight` is a frozen one, or rows of it. Made for the few rows of a
   * decode step, where laying the weight out anew for each product costs more than the product: an executor may keep a
   * copy in the layout that its kernel wants, one for each place of use, made at first use.
   */
  packedMatMul(x: Value, weight: Value, outputs: number): Value
  /**
   * Overwrites rows of a variable and returns its value afterwards. In place: whatever has read the variable in this step
   * sees the new rows.
   */
  scatterRows(variable: string, rows: Value, updates: Value): Value
  /**
   * AdamW in place (decoupled decay, bias-corrected). Moments live in the variables `m.NAME` and `v.NAME`. Equal to
   * torch.optim.AdamW when epsilon is multiplied by sqrt(1 - beta2Power), because TensorFlow adds it before the correction.
   */
  applyAdam(variable: string, gradient: Value, scalars: AdamScalars): void
}
