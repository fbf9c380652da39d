// Which of the prompts that wait join the rows that run. The oldest first; a younger one may overtake where the oldest does
// not fit, so that no row stays empty, but only so often: then nobody joins until the oldest can.
import type { Adapter } from '../adapter/adapter.ts'

export interface Admission {
  adapter: Adapter | null
  /** Positions that it may come to take. */
  positionsMax: number
  /** Younger ones that joined before it. */
  overtaken: number
}

export interface AdmissionLimits {
  rowsMax: number
  /** Of all rows together; each takes as many as the longest. */
  positionsMax: number
  /** Of all their adapters together. */
  ranksMax: number
}

/** Splits `waiting`, the oldest first; counts in the rows that stay by how many they were overtaken. */
export function admit<Row extends Admission>(
  waiting: readonly Row[],
  running: readonly Row[],
  limits: AdmissionLimits,
): { joining: Row[]; waiting: Row[] } {
  const joining: Row[] = []
  const staying: Row[] = []
  for (const row of waiting) {
    const [oldest] = staying
    const held = oldest !== undefined && oldest.overtaken >= limits.rowsMax
    if (held || !fits(row, [...running, ...joining], limits)) {
      staying.push(row)
      continue
    }
    joining.push(row)
    for (const older of staying) older.overtaken += 1
  }
  return { joining, waiting: staying }
}

/** One row fits alone, however long it is, and so does one adapter, whatever its rank. */
function fits(row: Admission, others: readonly Admission[], limits: AdmissionLimits): boolean {
  if (others.length === 0) return true
  const rows = [...others, row]
  const longest = Math.max(...rows.map(({ positionsMax }) => positionsMax))
  const adapters = [...new Set(rows.flatMap(({ adapter }) => adapter ?? []))]
  const ranks = adapters.reduce((sum, { config }) => sum + config.rank, 0)
  return (
    rows.length <= limits.rowsMax &&
    rows.length * longest <= limits.positionsMax &&
    (adapters.length <= 1 || ranks <= limits.ranksMax)
  )
}
