// The teacher's part of a micro-batch as arrays. Labels without a teacher stand in it with weight 0, so that labels and
// logits keep one numbering.
import type { TrainingExample } from '../engine.ts'
import type { HostArray } from '../ops/executor.ts'
import { vectorFloat } from '../model/sequences.ts'

/** Whether a row learns from its teacher. */
export const distils = ({ teacher, objective }: TrainingExample): boolean =>
  teacher !== undefined && (objective?.distillation ?? 0) > 0

/** Nothing when no row of the batch distils; see SoftLabels for the shapes. Weights are divided by the labels of the row's step. */
export function softFeeds(
  examples: readonly TrainingExample[],
  labelsOf: (row: number) => number,
): Record<string, HostArray> {
  const k = examples.find(distils)?.teacher?.k
  if (k === undefined) return {}
  const places: number[] = []
  const probabilities: number[] = []
  const [tails, negentropies, weights, temperatures]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (const [row, example] of examples.entries()) {
    const teacher = distils(example) ? example.teacher : undefined
    for (let label = 0; label < example.tokens.length - example.lossFrom; label++) {
      const place = tails.length
      const own = [...(teacher?.probabilities.subarray(label * k, (label + 1) * k) ?? new Float32Array(k))]
      const tail = Math.max(0, 1 - own.reduce((sum, probability) => sum + probability, 0))
      for (let rank = 0; rank < k; rank++) places.push(place, teacher?.tokens[label * k + rank] ?? rank)
      probabilities.push(...own)
      tails.push(tail)
      negentropies.push([...own, tail].reduce((sum, q) => sum + (q > 0 ? q * Math.log(q) : 0), 0))
      weights.push(teacher ? (example.objective?.distillation ?? 0) / labelsOf(row) : 0)
      temperatures.push(teacher?.temperature ?? 1)
    }
  }
  return {
    softPlaces: { shape: [tails.length, k, 2], data: Int32Array.from(places) },
    softProbabilities: { shape: [tails.length, k], data: Float32Array.from(probabilities) },
    softTails: vectorFloat(tails),
    softNegentropies: vectorFloat(negentropies),
    softWeights: vectorFloat(weights),
    softTemperatures: vectorFloat(temperatures),
  }
}
