// Where an update whose self-edits shall be reviewed stops: studied, its lease given back, out of the queue until somebody
// approves or cancels it.
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getModelById } from '../models/get-model.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { refuseCancelled, withLease, type Lease } from './lease.ts'
import { writeEvent } from './update-events.ts'
import { toUpdate } from './update.ts'
import { updates } from './updates.table.ts'

/** The attempt does not count: it did what it was to do. Throws `lease_lost`, and `cancelled` when that was asked for. */
export async function awaitReview(db: Db, lease: Lease): Promise<void> {
  await withLease(db, lease, async (tx, update) => {
    refuseCancelled(update)
    const [row] = await tx
      .update(updates)
      .set({
        state: 'awaiting_review',
        phase: 'awaiting review',
        attempts: sql`${updates.attempts} - 1`,
        leaseToken: null,
        leaseExpiresAt: null,
      })
      .where(eq(updates.id, update.id))
      .returning()
    await writeEvent(tx, update.id, 'state', { state: 'awaiting_review' })
    const model = await getModelById(tx, update.modelId)
    await writeOutbox(tx, 'update.awaiting_review', toUpdate(row ?? update, model.name))
  })
}
