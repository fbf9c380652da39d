// A long update lets the others pass: it goes back to the end of the queue, and whoever claims it then goes on where it was.
import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { withLease, type Lease } from './lease.ts'
import { writeEvent } from './update-events.ts'
import { updates } from './updates.table.ts'

/** True: another update of any model waits, and this one is the caller's no more. Throws `lease_lost`. */
export async function stepAside(db: Db, lease: Lease): Promise<boolean> {
  return await withLease(db, lease, async (tx, { kind, attempts }) => {
    const [waiting] = await tx
      .select({ id: updates.id })
      .from(updates)
      .where(and(eq(updates.state, 'queued'), isNull(updates.finishedAt), ne(updates.kind, kind)))
      .limit(1)
    if (waiting === undefined) return false
    await tx
      .update(updates)
      .set({
        state: 'queued',
        phase: 'waits for others',
        sequence: sql`nextval(pg_get_serial_sequence('updates', 'sequence'))`,
        attempts: attempts - 1,
        leaseToken: null,
        leaseExpiresAt: null,
      })
      .where(eq(updates.id, lease.updateId))
    await writeEvent(tx, lease.updateId, 'state', { state: 'queued' })
    return true
  })
}
