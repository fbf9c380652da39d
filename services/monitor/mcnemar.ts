// The exact one-sided McNemar test: of the questions whose outcome changed, were more lost than a fair coin would lose?
// Exact because the numbers are small; five losses and no gain are the fewest that reach p < .05.

/**
 * P(at least `losses` of `losses + gains` fair coin flips), the p-value of "the candidate answers worse". 1 when
 * nothing changed. Throws on counts that are no whole numbers of at least 0.
 */
export function mcnemar(losses: number, gains: number): number {
  for (const count of [losses, gains])
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`a count of changed answers cannot be ${count}`)
  const changed = losses + gains
  if (changed === 0) return 1
  // Terms of C(n, k) / 2^n for k from losses to n, each from the one before in logs: no overflow at any n.
  let logTerm = -changed * Math.LN2
  for (let k = 1; k <= losses; k++) logTerm += Math.log(changed - k + 1) - Math.log(k)
  let p = 0
  for (let k = losses; k <= changed; k++) {
    p += Math.exp(logTerm)
    logTerm += Math.log(changed - k) - Math.log(k + 1)
  }
  return Math.min(1, p)
}
