// Llama 3's rope scaling, backwards: from the divisors of the frequencies to the rule that made them. The rule divides
// long wavelengths by `factor`, leaves short ones alone and blends between in proportion to 1 / wavelength, so two
// blended frequencies fix the line. Only the ratio of its thresholds to `originalPositions` matters; that is taken as
// 8192, Llama 3's own.
import type { Llama3RopeScaling } from './model-config.ts'

const LLAMA3 = { lowFreqFactor: 1, highFreqFactor: 4, originalPositions: 8192 }

/** What each of the headSize / 2 rope frequencies theta^(-2i / headSize) is divided by. */
export function ropeDivisors(scaling: Llama3RopeScaling, ropeTheta: number, headSize: number): number[] {
  const { factor, lowFreqFactor, highFreqFactor } = scaling
  return cyclesOf(scaling.originalPositions, ropeTheta, headSize).map((cycles) => {
    if (cycles > highFreqFactor) return 1
    if (cycles < lowFreqFactor) return factor
    const kept = (cycles - lowFreqFactor) / (highFreqFactor - lowFreqFactor)
    return 1 / ((1 - kept) / factor + kept)
  })
}

/** The scaling that gives these divisors, null if all are 1. Throws when Llama 3's rule gives no such numbers. */
export function recoverRopeScaling(
  divisors: ArrayLike<number>,
  ropeTheta: number,
  headSize: number,
): Llama3RopeScaling | null {
  const wanted = Array.from(divisors)
  if (wanted.length === headSize / 2 && wanted.every((divisor) => divisor === 1)) return null
  const factor = Math.max(...wanted)
  const candidates = [{ factor, ...LLAMA3 }, fitThresholds(wanted, factor, ropeTheta, headSize)]
  const found = candidates.find(
    (scaling) =>
      scaling !== null &&
      wanted.length === headSize / 2 &&
      // The file holds float32: seven digits, of which the blend costs one.
      ropeDivisors(scaling, ropeTheta, headSize).every((d, i) => Math.abs(d / (wanted[i] ?? 0) - 1) < 1e-5),
  )
  if (!found) throw new Error("unsupported rope scaling: rope_freqs.weight does not follow Llama 3's rule")
  return found
}

/** Whole turns of each frequency within the original context. */
function cyclesOf(positions: number, ropeTheta: number, headSize: number): number[] {
  return Array.from(
    { length: headSize / 2 },
    (_, i) => (positions * ropeTheta ** ((-2 * i) / headSize)) / (2 * Math.PI),
  )
}

function fitThresholds(
  divisors: readonly number[],
  factor: number,
  ropeTheta: number,
  headSize: number,
): Llama3RopeScaling | null {
  const cycles = cyclesOf(LLAMA3.originalPositions, ropeTheta, headSize)
  const blended = divisors.flatMap((divisor, i) => {
    const between = divisor > 1 + 1e-6 && divisor < factor * (1 - 1e-6)
    return between ? [{ x: cycles[i] ?? 0, kept: (1 / divisor - 1 / factor) / (1 - 1 / factor) }] : []
  })
  const [first, last] = [blended[0], blended.at(-1)]
  if (!first || !last || first === last) return null
  const span = (first.x - last.x) / (first.kept - last.kept)
  const lowFreqFactor = first.x - first.kept * span
  const { originalPositions } = LLAMA3
  return { factor, lowFreqFactor, highFreqFactor: lowFreqFactor + span, originalPositions }
}
