// The sign-flip test for questions that come in documents. Questions of one document move together for reasons that are
// not damage (another seed, another order of the rows), so flips that ignore the documents alarm too often; flips of
// whole documents cannot see a loss in two documents of eight at all. This stands between them: in each random flip the
// signs of a document's questions agree with a correlation of .2, which is what an intraclass correlation of .3 makes of
// signs ((2 / pi) asin .3, the orthant probability of the normal distribution).
import { createRandom, type Random } from '../engine/random.ts'

const SIGN_CORRELATION = 0.2
const DRAWS = 4_999
/** Fixed: the same measurements must give the same verdict. */
const SEED = 1
/** A sign is its document's with probability (1 + sqrt(correlation)) / 2; a byte below this says so. */
const AGREES_BELOW = Math.round(((1 + Math.sqrt(SIGN_CORRELATION)) / 2) * 256)

/**
 * One-sided p-value of "the sum of all losses is above what chance gives", (b + 1) / (m + 1) over 4,999 seeded flips
 * (Phipson and Smyth 2010); 1 when nothing changed. `documents` holds a row of losses a document, positive for a loss.
 */
export function clusteredFlipTest(documents: readonly (readonly number[])[]): number {
  const rows = documents.map((row) => row.filter((loss) => loss !== 0).map(Math.abs)).filter((row) => row.length > 0)
  if (rows.length === 0) return 1
  const total = rows.flat().reduce((sum, size) => sum + size, 0)
  // A sum that differs by rounding alone counts as reached.
  const reached = documents.flat().reduce((sum, loss) => sum + loss, 0) - 1e-9 * total
  const random = createRandom(SEED)
  let count = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0
    for (const row of rows) sum += drawRow(row, random)
    if (sum >= reached) count++
  }
  return (count + 1) / (DRAWS + 1)
}

/**
 * A row's sum under one flip. Four signs a random number, and no branch that depends on one: this is the loop that the
 * test's time goes into.
 */
function drawRow(sizes: readonly number[], random: Random): number {
  let sum = 0
  let bits = 0
  for (let unit = 0; unit < sizes.length; unit++) {
    bits = unit % 4 === 0 ? (random() * 2 ** 32) | 0 : bits >>> 8
    const agrees = ((bits & 255) - AGREES_BELOW) >>> 31
    sum += (2 * agrees - 1) * (sizes[unit] ?? 0)
  }
  return random() < 0.5 ? sum : -sum
}
