// Giving an update back: at a clean shutdown, or after an error worth another try.
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { storableText } from '../storable-text.ts'
import { withLease, type Lease } from './lease.ts'
import { writeEvent } from './update-events.ts'
import { updates } from './updates.table.ts'

export interface ReleaseOptions {
  /** Why the attempt failed. Without it the attempt does not count. */
  error?: { code: string; message: string }
}

/**
 * Back to queued, claimable at once after a shutdown; after an error in 5, 10, 20, 40 seconds, and failed with that
 * error once the attempts are used up (claim-update.ts). Throws `lease_lost`.
 */
export async function releaseUpdate(db: Db, lease: Lease, options: ReleaseOptions = {}): Promise<void> {
  const error =
    options.error === undefined ? undefined : { ...options.error, message: storableText(options.error.message) }
  await withLease(db, lease, async (tx) => {
    await tx
      .update(updates)
      .set({
        state: 'queued',
        phase: 'queued',
        fraction: 0,
        leaseToken: null,
        leaseExpiresAt: null,
        ...(error === undefined
          ? { attempts: sql`${updates.attempts} - 1` }
          : { error, retryAt: sql`clock_timestamp() + make_interval(secs => 5 * power(2, ${updates.attempts} - 1))` }),
      })
      .where(eq(updates.id, lease.updateId))
    await writeEvent(tx, lease.updateId, 'state', { state: 'queued', ...(error === undefined ? {} : { error }) })
  })
}
