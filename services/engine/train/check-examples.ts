// What training refuses before it starts, with the number of the example.
import type { ModelConfig } from '../base/model-config.ts'
import type { TrainingExample } from '../engine.ts'

/** @throws RangeError for the first unusable example. */
export function checkExamples(
  examples: readonly TrainingExample[],
  { positionsMax, vocabSize }: Pick<ModelConfig, 'positionsMax' | 'vocabSize'>,
): void {
  if (examples.length === 0) throw new RangeError('nothing to train on: no examples')
  const k = examples.find(({ teacher }) => teacher)?.teacher?.k
  examples.forEach((example, index) => {
    const { tokens, lossFrom } = example
    if (lossFrom < 1 || lossFrom >= tokens.length)
      throw new RangeError(`example ${index}: the loss must start after the first token and before the end`)
    if (tokens.length > positionsMax)
      throw new RangeError(`example ${index} has ${tokens.length} tokens, the base takes ${positionsMax}`)
    if (tokens.some((token) => token < 0 || token >= vocabSize))
      throw new RangeError(`example ${index} has a token outside the vocabulary`)
    const fault = teacherFault(example, k, vocabSize)
    if (fault) throw new RangeError(`example ${index}: ${fault}`)
  })
}

function teacherFault(
  { tokens, lossFrom, teacher, objective }: TrainingExample,
  k: number | undefined,
  vocabSize: number,
): string | null {
  if (!teacher) return (objective?.distillation ?? 0) > 0 ? 'distillation needs a teacher' : null
  const labels = tokens.length - lossFrom
  if (teacher.k !== k || !(k >= 1)) return 'all teachers of a training keep the same number of tokens'
  if (!(teacher.temperature > 0)) return 'the temperature must be above 0'
  if (teacher.tokens.length !== labels * k || teacher.probabilities.length !== labels * k)
    return `the teacher must give ${k} tokens and probabilities for each of the ${labels} labels`
  for (let label = 0; label < labels; label++) {
    const own = teacher.tokens.subarray(label * k, (label + 1) * k)
    if (new Set(own).size < k) return 'the teacher names a token twice'
    if (own.some((token) => token < 0 || token >= vocabSize)) return 'the teacher names a token outside the vocabulary'
  }
  return null
}
