// Evidence of a slow loss that may be looked at after every update: an e-process. It is the wealth of a gambler who starts
// with 1 and bets, at every update, that a document loses; if changes point either way alike, wealth does not grow on
// average, so the probability that it ever reaches 1 / a is at most a (Ville's inequality), however often one looks and
// whenever one stops. The bet is the Fisher-type e-test of symmetry, the product of exp(b z) / cosh(b z) (Vovk and Wang,
// "Nonparametric e-tests of symmetry", arXiv 2208.08925; admissible by Ramdas, Ruf, Larsson and Koolen, arXiv 2009.03167).
// One bet a document and update, on the sum over its questions: they move together, and betting on each would count one
// chance movement five times.
import { questionLosses, type ProbeChange } from './question-losses.ts'

/** Played side by side with a third of the wealth each: which is best depends on how even the loss is. */
const STAKES = [0.2, 0.5, 1.2]

/** The e-value after these bets, each a document's loss in one update (`scaledLosses`); 1 without any. */
export function eProcess(bets: readonly number[]): number {
  const wealths = STAKES.map((stake) => Math.exp(bets.reduce((sum, z) => sum + stake * z - logCosh(stake * z), 0)))
  return wealths.reduce((sum, wealth) => sum + wealth, 0) / STAKES.length
}

/**
 * Each document's summed loss in one update, in units of the median size of those that changed; positive for a loss. A
 * bet may depend on how large the changes are, not on their signs.
 */
export function scaledLosses(changes: readonly ProbeChange[], noiseFloor: number): Map<string, number> {
  const sums = [...questionLosses(changes, noiseFloor)].map(
    ([id, losses]) => [id, losses.reduce((sum, loss) => sum + loss, 0)] as const,
  )
  const sizes = sums.flatMap(([, sum]) => (sum === 0 ? [] : [Math.abs(sum)])).toSorted((a, b) => a - b)
  const median = sizes[sizes.length >> 1] ?? 1
  return new Map(sums.map(([id, sum]) => [id, sum / median]))
}

/** log cosh x, without overflow. */
function logCosh(x: number): number {
  const size = Math.abs(x)
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2
}
