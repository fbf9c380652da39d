// What a worker says while it works: where the update stands, and what is worth an event.
import { eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { storableText } from '../storable-text.ts'
import { withLease, type Lease } from './lease.ts'
import { writeEvent, type UpdateEventType } from './update-events.ts'
import type { RunningState } from './update.ts'
import { updates } from './updates.table.ts'

export interface Progress {
  state?: RunningState
  /** A word or two for people, e.g. `training` or `writing self-edits`. */
  phase: string
  /** Of the whole update, 0 to 1; clipped. */
  fraction: number
  event?: { type: UpdateEventType; data: Record<string, unknown> }
}

/**
 * Each call is a row in the update's events, so a caller in a tight loop thins its calls out (one a second is plenty).
 * Throws `lease_lost`.
 */
export async function recordProgress(db: Db, lease: Lease, progress: Progress): Promise<void> {
  const state = progress.state
  const fraction = Math.min(1, Math.max(0, progress.fraction))
  await withLease(db, lease, async (tx, update) => {
    await tx
      .update(updates)
      .set({ phase: progress.phase, fraction, ...(state === undefined ? {} : { state }) })
      .where(eq(updates.id, lease.updateId))
    if (state !== undefined && state !== update.state) await writeEvent(tx, lease.updateId, 'state', { state })
    await writeEvent(tx, lease.updateId, 'progress', { state: state ?? update.state, phase: progress.phase, fraction })
    if (progress.event !== undefined) await writeEvent(tx, lease.updateId, progress.event.type, progress.event.data)
  })
}

export interface Waiting {
  /** For what, e.g. `waiting for the object store`. */
  phase: string
  /** What it says meanwhile. */
  message: string
  delayMs: number
}

/** The update stands still, as far as it got, until something outside is back. Throws `lease_lost`. */
export async function recordWaiting(db: Db, lease: Lease, { phase, message, delayMs }: Waiting): Promise<void> {
  await withLease(db, lease, async (tx) => {
    await tx.update(updates).set({ phase }).where(eq(updates.id, lease.updateId))
    await writeEvent(tx, lease.updateId, 'waiting', { phase, message: storableText(message), retry_in_ms: delayMs })
  })
}
