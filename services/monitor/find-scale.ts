// Clipping: the strongest an adapter may act and still keep what was known. Forgetting grows with the scale, so its limit
// is found by halving the interval, in five steps between a tenth and the whole as STABLE (arXiv 2510.16089) does it.

export const SCALE_MIN = 0.1
const STEPS = 5

/**
 * The largest scale found at which `measureAt` says that what was measured is within budget, with what was measured
 * there; undefined when not even SCALE_MIN is. Call it when the whole (scale 1) is not. Within (1 - .1) / 2^5 = .03 of the
 * true limit, where forgetting does grow with the scale.
 */
export async function findScale<T extends { withinBudget: boolean }>(
  measureAt: (scale: number) => Promise<T>,
): Promise<{ scale: number; measured: T } | undefined> {
  let found: { scale: number; measured: T } | undefined
  let [low, high] = [SCALE_MIN, 1]
  for (let step = 0; step < STEPS; step++) {
    const scale = (low + high) / 2
    const measured = await measureAt(scale)
    if (measured.withinBudget) {
      found = { scale, measured }
      low = scale
    } else high = scale
  }
  if (found !== undefined) return found
  const least = await measureAt(SCALE_MIN)
  return least.withinBudget ? { scale: SCALE_MIN, measured: least } : undefined
}
