// How likely it is that one of k self-edits solves a task, from n tries of which some did: 1 - C(n - c, k) / C(n, k), the
// unbiased estimator of Chen et al. (arXiv 2107.03374). Averaging the best of the first k would depend on their order.

/** @throws RangeError for fewer than k tries. */
export function passAtK(tries: number, solved: number, k: number): number {
  if (!(k >= 1 && k <= tries)) throw new RangeError(`pass@${k} of ${tries} tries`)
  // The product form: no factorials that overflow.
  let missed = 1
  for (let drawn = 0; drawn < k; drawn++) missed *= Math.max(0, tries - solved - drawn) / (tries - drawn)
  return 1 - missed
}
