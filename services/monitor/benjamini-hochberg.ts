// P-values of many documents, adjusted so that of those at most q a share of q is wrong on average: Benjamini and
// Hochberg (1995). Given 1 / e for e-values it is e-BH (Wang and Ramdas 2022, arXiv 2009.02824), which holds however the
// documents depend on each other.

/**
 * The smallest false discovery rate at which each would be rejected, in the order given: of the p-values from its own
 * rank k up, the least m p_(k) / k, and at most 1.
 */
export function adjustPValues(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1))
  const adjusted = pValues.map(() => 1)
  let least = 1
  for (let rank = order.length; rank > 0; rank--) {
    const index = order[rank - 1] ?? 0
    least = Math.min(least, ((pValues[index] ?? 1) * order.length) / rank)
    adjusted[index] = least
  }
  return adjusted
}
