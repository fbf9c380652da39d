// What an executor is given and gives: named programs over named variables, fed and fetched as host arrays.
import type { Dtype, HostData } from '../tensorflow.ts'
import type { Ops, Value } from './ops.ts'

export interface HostArray {
  shape: number[]
  data: HostData
}
export type FloatArray = HostArray & { data: Float32Array }

/** One unit of work, e.g. a training step. `build` is run once (graph) or at every call (eager). */
export interface Program {
  feeds: Readonly<Record<string, { dtype: 'float32' | 'int32'; shape: readonly number[] }>>
  build(ops: Ops, feeds: Readonly<Record<string, Value>>): Readonly<Record<string, Value>>
}

export interface VariableSpec {
  dtype: Dtype
}

export interface Executor {
  readonly kind: 'eager' | 'graph'
  /** Sets variables; a bfloat16 one takes its bytes as Uint8Array of shape [..., 2]. The arrays must not change afterwards. */
  assign(values: Readonly<Record<string, HostArray>>): void
  /** Reads float32 variables back. */
  fetchVariables(names: readonly string[]): Record<string, HostArray>
  /** Runs a program and hands over the named results, all of them by default; what no result needs is not computed. */
  run(
    program: string,
    feeds: Readonly<Record<string, HostArray>>,
    fetches?: readonly string[],
  ): Record<string, HostArray>
  close(): void
}

export interface ExecutorParts {
  variables: Readonly<Record<string, VariableSpec>>
  programs: Readonly<Record<string, Program>>
}
