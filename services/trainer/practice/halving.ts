// Successive halving (Jamieson and Talwalkar 2016): all arms get a short training, the better half a longer one, and so on
// until one is left. Most of the effort goes to the few that are worth it.

export interface Rung {
  /** Of a full training, up to 1. */
  effort: number
  /** Those that took part, best first. */
  scores: { arm: number; score: number }[]
}

/**
 * The last rung has full effort; each before it half of the next one's. `measure` gives a score for each of the arms it
 * is asked about, higher being better; of equals the earlier arm stays.
 */
export async function halve(
  arms: number,
  measure: (arms: readonly number[], effort: number) => Promise<readonly number[]>,
): Promise<{ best: number; rungs: Rung[] }> {
  if (arms < 1) throw new RangeError('nothing to choose from')
  const rounds = Math.max(1, Math.ceil(Math.log2(arms)))
  const rungs: Rung[] = []
  let left = Array.from({ length: arms }, (_, arm) => arm)
  for (let rung = 0; rung < rounds; rung++) {
    const effort = 2 ** (rung + 1 - rounds)
    const measured = await measure(left, effort)
    const scores = left.map((arm, index) => ({ arm, score: measured[index] ?? -Infinity }))
    scores.sort((a, b) => b.score - a.score || a.arm - b.arm)
    rungs.push({ effort, scores })
    left = scores.slice(0, Math.ceil(scores.length / 2)).map(({ arm }) => arm)
  }
  return { best: left[0] ?? 0, rungs }
}
