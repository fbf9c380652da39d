// What every part of the model is handed while a program is recorded: the ops, the shape of the base, and how its
// frozen matrices are stored.
import type { ModelConfig } from '../base/model-config.ts'
import type { Ops, Value } from '../ops/ops.ts'

export interface ModelContext {
  ops: Ops
  config: ModelConfig
  /** float32, or bfloat16: products with frozen matrices run in bfloat16, everything else stays float32. */
  frozen: 'float32' | 'bfloat16'
  /** Whether the adapter's variables take part. */
  lora: boolean
  /**
   * Set where several adapters train at once, each on an equal share of the rows, one after another: the shapes of rows
   * apart, [adapters, n / adapters, -1], and joined, [n, -1].
   */
  several?: { apart: Value; joined: Value }
  /**
   * Set where rows of several adapters, and of none, run side by side: their columns stand next to each other, and of each
   * group this multiplies the hidden vectors, [n, columns], with a row's own scale in its adapter's columns and 0 in all
   * others. Else the variable `scale` does.
   */
  scales?: Readonly<Record<string, Value>>
}

/** Tables for the positions of a step; see rope.ts. */
export interface RopeTables {
  /** [q and k heads, 1 or rows, positions, head size] */
  cos: Value
  sin: Value
}
