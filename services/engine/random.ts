// A small seeded generator (xoshiro128**, Blackman and Vigna; seeded by splitmix32): training and sampling must be
// repeatable, which Math.random is not.

/** Uniform numbers in [0, 1). */
export type Random = () => number

export function createRandom(seed: number): Random {
  let mix = seed >>> 0
  const next = () => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  let [a, b, c, d] = [next(), next(), next(), next()]
  return () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result / 2 ** 32
  }
}

/** Fisher-Yates; returns a new array. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const [left, right] = [shuffled[index], shuffled[other]]
    if (left === undefined || right === undefined) continue
    shuffled[index] = right
    shuffled[other] = left
  }
  return shuffled
}
