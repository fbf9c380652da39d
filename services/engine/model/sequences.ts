// Host arrays of a batch of token sequences: ids padded on the right, rope tables and the causal mask. With padding on
// the right no real token ever sees a pad, so one mask serves all rows.
import type { ModelConfig } from '../base/model-config.ts'
import type { HostArray } from '../ops/executor.ts'
import { ropeTables } from './rope.ts'

/** Added to the score of a position that must not be seen. */
export const MASKED = -1e9

export interface PlacedBatch {
  feeds: Record<'ids' | 'rows' | 'cos' | 'sin' | 'mask', HostArray>
  /** Places in all, padding included. */
  tokens: number
  /** Where the token of a row stands among them. */
  placeOf: (row: number, position: number) => number
}

export interface SequenceBatch extends PlacedBatch {
  /** Padded length s. */
  length: number
  rows: number
}

export const scalarInt = (value: number): HostArray => ({ shape: [], data: Int32Array.of(value) })
export const scalarFloat = (value: number): HostArray => ({ shape: [], data: Float32Array.of(value) })
export const vectorInt = (values: readonly number[]): HostArray => ({
  shape: [values.length],
  data: Int32Array.from(values),
})
export const vectorFloat = (values: readonly number[]): HostArray => ({
  shape: [values.length],
  data: Float32Array.from(values),
})

/**
 * Makes batches of whole sequences. The tables of a few lengths are kept, because training meets the same ones again and
 * again; those of 512 positions take 4 MB.
 */
export function createSequenceBatcher(config: ModelConfig) {
  const tables = new Map<number, Record<'cos' | 'sin' | 'mask', HostArray>>()
  const tablesMax = 8

  function tablesFor(length: number) {
    const known = tables.get(length)
    if (known) return known
    const positions = Array.from({ length }, (_, position) => position)
    const made = { ...ropeTables(config, [positions]), mask: causalMask(length) }
    if (tables.size >= tablesMax) tables.delete(tables.keys().next().value ?? 0)
    tables.set(length, made)
    return made
  }

  return (sequences: readonly (readonly number[])[]): SequenceBatch => {
    const length = sequences.reduce((longest, sequence) => Math.max(longest, sequence.length), 1)
    const ids = new Int32Array(sequences.length * length)
    sequences.forEach((sequence, row) => ids.set(sequence, row * length))
    return {
      feeds: {
        ids: { shape: [ids.length], data: ids },
        rows: scalarInt(sequences.length),
        ...tablesFor(length),
      },
      tokens: ids.length,
      placeOf: (row, position) => row * length + position,
      length,
      rows: sequences.length,
    }
  }
}
export type SequenceBatcher = ReturnType<typeof createSequenceBatcher>

/** Each position sees itself and all before it. */
function causalMask(length: number): HostArray {
  const data = new Float32Array(length * length)
  for (let row = 0; row < length; row++) data.fill(MASKED, row * length + row + 1, (row + 1) * length)
  return { shape: [length, length], data }
}
