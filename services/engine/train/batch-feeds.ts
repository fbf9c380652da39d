// A micro-batch as arrays: the sequences, which of their places carry loss, and how much each label counts.
import type { TrainingExample } from '../engine.ts'
import { scalarInt, vectorFloat, vectorInt } from '../model/sequences.ts'
import type { PlacedBatch } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'
import { softFeeds } from './soft-feeds.ts'

export const labelTokensOf = (examples: readonly TrainingExample[]): number =>
  examples.reduce((sum, example) => sum + example.tokens.length - example.lossFrom, 0)

/**
 * With `soft*` where a teacher takes part. `labelsOf` a row: the label tokens of its whole step, over which the loss is
 * the mean.
 */
export function batchFeeds(
  batch: (sequences: readonly (readonly number[])[]) => PlacedBatch,
  examples: readonly TrainingExample[],
  labelsOf: (row: number) => number,
): Record<string, HostArray> {
  // The last token of a row predicts nothing that is known.
  const { feeds, tokens, placeOf } = batch(examples.map((example) => example.tokens.slice(0, -1)))
  const labelRows: number[] = []
  const targets: number[] = []
  const weights: number[] = []
  examples.forEach((example, row) => {
    for (let index = example.lossFrom; index < example.tokens.length; index++) {
      labelRows.push(placeOf(row, index - 1))
      targets.push(example.tokens[index] ?? 0)
      weights.push((example.objective?.crossEntropy ?? 1) / labelsOf(row))
    }
  })
  return {
    ...feeds,
    tokens: scalarInt(tokens),
    labelRows: vectorInt(labelRows),
    targets: vectorInt(targets),
    labelWeights: vectorFloat(weights),
    ...softFeeds(examples, labelsOf),
  }
}
