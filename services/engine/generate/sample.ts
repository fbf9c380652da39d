// The choice of the next token from the likeliest ones. Temperature, top-k and top-p act in that order, as in Hugging
// Face's generate; the log-probability reported is that of the unscaled distribution.
import type { Random } from '../random.ts'

export interface SamplingOptions {
  /** 0 is greedy. */
  temperature: number
  topK: number
  topP: number
}

/** Sampling looks at this many of the likeliest tokens; what lies below is never drawn. */
export const CANDIDATES_MAX = 128

/** `logprobs` are those of the likeliest tokens, largest first; returns an index into them. */
export function sample(logprobs: ArrayLike<number>, options: SamplingOptions, random: Random): number {
  if (options.temperature <= 0) return 0
  const count = Math.min(logprobs.length, options.topK > 0 ? options.topK : logprobs.length)
  const best = logprobs[0] ?? 0
  const weights = Array.from({ length: count }, (_, i) => Math.exp(((logprobs[i] ?? 0) - best) / options.temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let kept = 0
  let mass = 0
  while (kept < count && (kept === 0 || mass < options.topP * total)) mass += weights[kept++] ?? 0
  let point = random() * mass
  for (let index = 0; index < kept; index++) {
    point -= weights[index] ?? 0
    if (point < 0) return index
  }
  return kept - 1
}
