// How many questions a document must have before a loss of a given size would be seen: the sample size of a one-sided
// paired test, n = ((z_(1-level) + z_power) sd / loss)^2 (any textbook; for the normal approximation of the permutation
// test), and never fewer than the sign flips need to reach the level at all, 2^-n <= level.

export interface ProbesNeededInput {
  /** Standard deviation of a question's change when nothing is lost, nats. */
  sd: number
  /** The mean loss that should be found, nats. */
  loss: number
  /** One-sided, 0 to 1. */
  level: number
  power: number
}

export function probesNeeded({ sd, loss, level, power }: ProbesNeededInput): number {
  const bySize = ((normalQuantile(1 - level) + normalQuantile(power)) * (sd / loss)) ** 2
  return Math.ceil(Math.max(bySize, Math.log2(1 / level)))
}

/** By bisection of the distribution function; exact to about 1e-6, which is far more than a plan needs. */
function normalQuantile(probability: number): number {
  let [low, high] = [-8, 8]
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (series * Math.exp((-x * x) / 2)) / 2
  return x < 0 ? tail : 1 - tail
}
