// The paired permutation test by sign flips (Fisher 1935): if nothing was lost, each paired difference is as likely to
// point one way as the other, so the observed sum is compared with the sums under all flips of the signs. It assumes no
// distribution, only that symmetry. What must not be flipped apart (paraphrases of a question, questions of a document)
// comes in as one sum.
import { createRandom } from '../engine/random.ts'

/** 2^14 flips are enumerated in about a millisecond; beyond, as many are drawn as give p-values near .05 to .003. */
const EXACT_MAX = 14
const DRAWS = 4_999
/** Fixed: the same measurements must give the same verdict. */
const SEED = 1

/**
 * One-sided p-value of "the sum of the losses is above what chance gives"; 1 when there is nothing but zeros. `losses`
 * holds a number a flipped unit, positive for a loss; zeros are left out, since flipping them changes nothing. Exact for
 * up to 14 units; above, (b + 1) / (m + 1) over m seeded random flips, which is a valid p-value too (Phipson and Smyth
 * 2010). Throws on numbers that are not finite.
 */
export function signFlipTest(losses: readonly number[]): number {
  if (!losses.every(Number.isFinite)) throw new RangeError('a loss must be a finite number')
  const sizes = losses.filter((loss) => loss !== 0).map(Math.abs)
  if (sizes.length === 0) return 1
  const total = sizes.reduce((sum, size) => sum + size, 0)
  // A sum that differs by rounding alone counts as reached: the observed flip must never miss itself.
  const reached = losses.reduce((sum, loss) => sum + loss, 0) - 1e-9 * total
  if (sizes.length <= EXACT_MAX) return countExact(sizes, total, reached) / 2 ** sizes.length
  return (1 + countDrawn(sizes, reached)) / (DRAWS + 1)
}

/** In the order of the Gray code each flip turns one sign round. */
function countExact(sizes: readonly number[], total: number, reached: number): number {
  let count = total >= reached ? 1 : 0
  let sum = total
  let code = 0
  for (let step = 1; step < 2 ** sizes.length; step++) {
    const turned = Math.log2(step & -step)
    code ^= 1 << turned
    sum += ((code >> turned) & 1 ? -2 : 2) * (sizes[turned] ?? 0)
    if (sum >= reached) count++
  }
  return count
}

function countDrawn(sizes: readonly number[], reached: number): number {
  const random = createRandom(SEED)
  let count = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0
    let bits = 0
    for (let unit = 0; unit < sizes.length; unit++) {
      if (unit % 32 === 0) bits = (random() * 2 ** 32) | 0
      sum += (2 * ((bits >>> (unit % 32)) & 1) - 1) * (sizes[unit] ?? 0)
    }
    if (sum >= reached) count++
  }
  return count
}
