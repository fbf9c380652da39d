// Work that has cost a minute must not be lost to a database or an object store that restarts: a call is tried again until
// it is back. For the database that is safe because every such write is fenced by its lease (one that went through before
// the connection broke is refused the second time as `lease_lost`), for the store because adapters are named by content.
import { isDatabaseDown } from '../../shared/database/database.ts'
import type { Clock } from './worker.ts'

/** `outlastOutage` for the clock and signal of one update. */
export type Persist = <T>(work: () => Promise<T>) => Promise<T>

const DELAY_MS_MAX = 15_000

export interface OutageOptions {
  /** Which failures pass by themselves; the database's by default. */
  isOutage?: (error: unknown) => boolean
  /** Told before each wait. */
  onWait?: (error: unknown, delayMs: number) => Promise<void>
}

/** Runs `work`, again after growing delays while what it needs is away. Throws the signal's reason when aborted. */
export async function outlastOutage<T>(
  work: () => Promise<T>,
  clock: Clock,
  signal: AbortSignal,
  { isOutage = isDatabaseDown, onWait }: OutageOptions = {},
): Promise<T> {
  for (let delayMs = 500; ; delayMs = Math.min(2 * delayMs, DELAY_MS_MAX)) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!isOutage(error)) throw error
      await onWait?.(error, delayMs)
    }
    await clock.sleep(delayMs, signal)
  }
}
