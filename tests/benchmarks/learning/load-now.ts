// How busy the machine is, kept beside every measured second: figures of a busy machine do not count.
import { loadavg } from 'node:os'

/** Processes that ran or waited, mean of the last minute. */
export const loadNow = (): number => Math.round(10 * (loadavg()[0] ?? 0)) / 10
