// Work that has cost a minute must not be lost to a database that restarts: a write is tried again until it is back.
// That is safe because every such write is fenced by its lease; one that went through before the connection broke is
// refused the second time as `lease_lost`.
import { isDatabaseDown } from '../../shared/database/database.ts'
import type { Clock } from './worker.ts'

/** `outlastOutage` for the clock and signal of one update. */
export type Persist = <T>(work: () => Promise<T>) => Promise<T>

const DELAY_MS_MAX = 15_000

/** Runs `work`, again after growing delays while the database is away. Throws the signal's reason when aborted. */
export async function outlastOutage<T>(work: () => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  for (let delayMs = 500; ; delayMs = Math.min(2 * delayMs, DELAY_MS_MAX)) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseDown(error)) throw error
    }
    await clock.sleep(delayMs, signal)
  }
}
