// Logits of chosen positions, for tests and diagnosis; serving never looks at whole rows of the vocabulary.
import type { Adapter } from '../adapter/adapter.ts'
import type { Runtime } from '../model/runtime.ts'
import { vectorInt } from '../model/sequences.ts'

/** One Float32Array [vocabulary] for each of `positions` [sequence][any number], in order. */
export function logitsOf(
  runtime: Runtime,
  sequences: readonly (readonly number[])[],
  positions: readonly (readonly number[])[],
  adapter: Adapter | null,
): Float32Array[] {
  const suffix = runtime.use(adapter)
  const batch = runtime.batch(sequences)
  const rows = positions.flatMap((list, row) => list.map((position) => row * batch.length + position))
  const feeds = { ...batch.feeds, labelRows: vectorInt(rows), targets: vectorInt(rows.map(() => 0)) }
  const { logits } = runtime.executor.run(`score_${suffix}`, feeds, ['logits'])
  if (!(logits?.data instanceof Float32Array)) throw new Error('the step gave no logits')
  const { data } = logits
  const size = runtime.config.vocabSize
  return rows.map((_, index) => data.subarray(index * size, (index + 1) * size))
}
