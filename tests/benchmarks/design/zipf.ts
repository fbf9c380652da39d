import type { Random } from '../../../services/engine/random.ts'

/** Ranks 0 to count-1, rank r with weight 1 / (r+1)^skew. */
export function zipf(count: number, skew: number, random: Random): () => number {
  const cumulated = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) cumulated[rank] = sum += (rank + 1) ** -skew
  return () => {
    const drawn = random() * sum
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulated[middle] ?? 0) <= drawn) low = middle + 1
      else high = middle
    }
    return low
  }
}
