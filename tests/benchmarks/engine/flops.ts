// Floating-point operations that a LoRA training step needs, for the share of the machine's peak. Counted is what the
// mathematics asks for, not what a program happens to run: attention's lower triangle, the output matrix on rows that
// carry loss, no gradient of a frozen matrix. Norms, softmax and the optimiser are left out; they are no products.
import type { ModelConfig } from '../../../services/engine/base/model-config.ts'
import { LINEAR_NAMES, linearShape } from '../../../services/engine/base/model-config.ts'
import type { TrainingExample } from '../../../services/engine/engine.ts'

/** Of one pass over `rows`, forward and backward, with LoRA of `rank` on every linear. */
export function trainingFlops(config: ModelConfig, rank: number, rows: readonly TrainingExample[]): number {
  const { layers, heads, headSize, hiddenSize, vocabSize } = config
  const shapes = LINEAR_NAMES.map((name) => linearShape(config, name))
  const frozen = layers * sum(shapes.map(([out, inner]) => out * inner))
  const lora = layers * sum(shapes.map(([out, inner]) => rank * (out + inner)))
  const firstLayerInput = sum(
    (['q_proj', 'k_proj', 'v_proj'] as const)
      .map((name) => linearShape(config, name))
      .map(([out, inner]) => out * inner),
  )
  // A frozen matrix takes part twice, forward and in the gradient of its input (which the first layer does not need);
  // A and B thrice, since they have gradients of their own. A multiply-add is two operations.
  const perToken = 2 * (2 * frozen - firstLayerInput + 3 * lora)
  const perLabel = 2 * 2 * hiddenSize * vocabSize
  return sum(
    rows.map(({ tokens, lossFrom }) => {
      const length = tokens.length - 1
      const pairs = (length * (length + 1)) / 2
      // Scores and weighted values forward; their four counterparts backward.
      const attention = 2 * 6 * layers * heads * headSize * pairs
      return perToken * length + perLabel * (tokens.length - lossFrom) + attention
    }),
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
