// Percentile bootstrap over documents. Questions of one document rise and fall together, so whole documents are drawn;
// drawing questions would promise intervals that are too narrow.
import { createRandom } from '../../../services/engine/random.ts'

export interface Interval {
  low: number
  high: number
}

const DRAWS = 2000
/** With fewer usable draws than this share, a statistic has no interval worth the name. */
const USABLE_MIN = 0.9

/**
 * The middle 95 % of `statistic` over draws with replacement of `count` documents (indexes from 0). Draws where it is
 * null (a division by nothing) are left out; null when too many are, or with fewer than two documents.
 */
export function bootstrap(
  count: number,
  statistic: (indexes: readonly number[]) => number | null,
  options: { draws?: number; seed?: number } = {},
): Interval | null {
  if (count < 2) return null
  const random = createRandom(options.seed ?? 1)
  const draws = options.draws ?? DRAWS
  const values: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    const value = statistic(Array.from({ length: count }, () => Math.floor(random() * count)))
    if (value !== null) values.push(value)
  }
  if (values.length < USABLE_MIN * draws) return null
  values.sort((a, b) => a - b)
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

/** Of sorted values, between neighbours by their distance. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN]
  return below + (above - below) * (place - Math.floor(place))
}
