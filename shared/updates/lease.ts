// A lease: the right to work on an update, until a time by the database's clock. Its token is a fence: each claim draws
// a higher one and stores it in the update, and every write of a worker names its token, so that the writes of a worker
// that was taken for dead match no row.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { RUNNING_STATES, type UpdateRow } from './update.ts'
import { updates } from './updates.table.ts'

export interface Lease {
  updateId: string
  token: number
}

/** The where-clause of every fenced write. An expired lease that nobody took over still holds. */
function holds(lease: Lease) {
  return and(
    eq(updates.id, lease.updateId),
    eq(updates.leaseToken, lease.token),
    inArray(updates.state, [...RUNNING_STATES]),
  )
}

function leaseLost(lease: Lease): AppError {
  return new AppError(
    'lease_lost',
    `update ${lease.updateId} is no longer this worker's: its lease ${lease.token} is over`,
  )
}

/** Pushes the end of the lease to `leaseSeconds` from now. Throws `lease_lost`. */
export async function renewLease(db: Db, lease: Lease, leaseSeconds: number): Promise<{ cancelRequested: boolean }> {
  const [row] = await db
    .update(updates)
    .set({ leaseExpiresAt: leaseEnd(leaseSeconds) })
    .where(holds(lease))
    .returning({ cancelRequestedAt: updates.cancelRequestedAt })
  if (row === undefined) throw leaseLost(lease)
  return { cancelRequested: row.cancelRequestedAt !== null }
}

/**
 * Runs writes in one transaction that begins by locking the update under its lease: no other worker can claim it, and
 * no cancellation can pass, before the writes are committed. Throws `lease_lost`.
 */
export async function withLease<Result>(
  db: Db,
  lease: Lease,
  write: (tx: Db, update: UpdateRow) => Promise<Result>,
): Promise<Result> {
  return await db.transaction(async (tx) => {
    const [update] = await tx.select().from(updates).where(holds(lease)).for('update')
    if (update === undefined) throw leaseLost(lease)
    return await write(tx, update)
  })
}

/** Inside `withLease`, before what a cancellation must keep from happening. Throws `cancelled` when that was asked for. */
export function refuseCancelled(update: UpdateRow): void {
  if (update.cancelRequestedAt !== null)
    throw new AppError('cancelled', `cancellation of update ${update.id} was asked for`)
}

export function leaseEnd(leaseSeconds: number) {
  return sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`
}
