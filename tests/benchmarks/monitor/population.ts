// Simulated questions whose truth is known. A question's gold answer has a log-likelihood, spread over questions with a
// standard deviation of 3 nats, and is answered right above a threshold, so that .38 are right: accuracy and likelihood
// move together, as one would have them in a test of both. From one version to the next a log-likelihood keeps a
// correlation of .66 with itself: two trainings of the same edit then disagree on 27 % of the verdicts, as SEAL's own
// files do (`correlation`). That is noisy; updates that move the weights less are easier to judge than these.
import { createRandom, type Random } from '../../../services/engine/random.ts'
import type { ProbeChange } from '../../../services/monitor/question-losses.ts'

export const NOISES = ['gaussian', 'heavy-tailed', 'together', 'skewed', 'mostly still'] as const
/**
 * How a log-likelihood moves when nothing is lost: gaussian; Student's t with 3 degrees of freedom; .3 of the variance
 * common to a document's questions; many small gains and few large losses of mean zero; nine of ten documents not at all.
 */
export type Noise = (typeof NOISES)[number]

export interface Setting {
  documents: number
  questions: number
  noise: Noise
  /** Of the documents, 0 to 1. */
  damagedShare: number
  /** What a damaged document's questions lose, in standard deviations of the log-likelihood. */
  shift: number
  /** Of a question's log-likelihood before with that after, when nothing is lost. */
  correlation: number
}

/** Two standard normals that correlate by .66 differ in sign in arccos(.66) / pi = 27 % of the cases. */
export const SEAL_CORRELATION = 0.66
const SPREAD_NATS = 3
/** The 62nd percentile of a standard normal: .38 lie above. */
const THRESHOLD = 0.3055
const COMMON_SHARE = 0.3
const MOVING_SHARE = 0.1

/** Where the questions of one model stand, in standard deviations, a row a document. */
export type Standing = number[][]

export function drawStanding({ documents, questions }: Setting, random: Random): Standing {
  return Array.from({ length: documents }, () => Array.from({ length: questions }, () => gaussian(random)))
}

/** Documents that lose something are the first ones. */
export function isDamaged(setting: Setting, document: number): boolean {
  return setting.shift > 0 && document < Math.round(setting.damagedShare * setting.documents)
}

/**
 * The next version: each question's deviation from its level (`lost` below where it began, in damaged documents) decays
 * and is renewed; damage stays. `fell` tells of each document whether what its questions share went down.
 */
export function advance(
  setting: Setting,
  standing: Standing,
  lost: number,
  random: Random,
): { standing: Standing; fell: boolean[] } {
  const { noise, correlation, shift } = setting
  const renewal = Math.sqrt(1 - correlation ** 2)
  const next = standing.map((row, document) => {
    const damaged = isDamaged(setting, document)
    if (noise === 'mostly still' && !damaged && random() >= MOVING_SHARE) return { row: [...row], fell: false }
    const common = gaussian(random)
    const level = damaged ? -lost : 0
    const drop = damaged ? shift : 0
    const values = row.map(
      (value) => level - drop + correlation * (value - level) + renewal * drawNoise(noise, common, random),
    )
    const shared = noise === 'together' ? renewal * Math.sqrt(COMMON_SHARE) * common : 0
    return { row: values, fell: drop > shared }
  })
  return { standing: next.map(({ row }) => row), fell: next.map(({ fell }) => fell) }
}

export function changesBetween(before: Standing, after: Standing): ProbeChange[] {
  return before.flatMap((row, document) =>
    row.map((value, question) => ({
      documentId: `d${document}`,
      probeId: `d${document}q${question}`,
      before: measured(value),
      after: measured(after[document]?.[question] ?? value),
    })),
  )
}

/** The shift that takes the accuracy of all questions from .38 to `accuracy`, found on a large sample by bisection. */
export function shiftFor(accuracy: number, noise: Noise, damagedShare: number): number {
  const sample = { documents: 8_000, questions: 5, noise, damagedShare, correlation: SEAL_CORRELATION }
  let [low, high] = [0, 12]
  while (high - low > 0.005) {
    const shift = (low + high) / 2
    if (accuracyAfter({ ...sample, shift }) > accuracy) low = shift
    else high = shift
  }
  return (low + high) / 2
}

/** Of a standing after one update, with the same random numbers for every shift. */
function accuracyAfter(setting: Setting): number {
  const random = createRandom(7)
  const after = advance(setting, drawStanding(setting, random), 0, random).standing.flat()
  return after.filter((value) => value > THRESHOLD).length / after.length
}

function measured(value: number): ProbeChange['before'] {
  return { correct: value > THRESHOLD, logprob: SPREAD_NATS * (value - 3) }
}

/** Mean 0 and variance 1, but for the heavy tails, whose middle is as wide as the gaussian's. */
function drawNoise(noise: Noise, common: number, random: Random): number {
  switch (noise) {
    case 'gaussian':
    case 'mostly still':
      return gaussian(random)
    case 'heavy-tailed':
      return 0.88 * studentT3(random)
    case 'together':
      return Math.sqrt(COMMON_SHARE) * common + Math.sqrt(1 - COMMON_SHARE) * gaussian(random)
    case 'skewed':
      return 1 + Math.log(1 - random())
  }
}

function studentT3(random: Random): number {
  const [a, b, c] = [gaussian(random), gaussian(random), gaussian(random)]
  return gaussian(random) / Math.sqrt((a * a + b * b + c * c) / 3)
}

/** Box and Muller. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
