// The end of a review: the self-edits as the reviewer leaves them, and the update queued again behind what its model has
// been given meanwhile. It trains from the head of then, not from the one it was studied under.
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModel } from '../models/lock-model.ts'
import { reviewSelfEdits } from '../self-edits/review-self-edits.ts'
import type { SelfEditChange } from '../self-edits/self-edit-change.ts'
import { getUpdate } from './get-update.ts'
import { writeEvent } from './update-events.ts'
import type { Update } from './update.ts'
import { updates } from './updates.table.ts'

/**
 * All or nothing. Throws `not_found`, `conflict` unless it awaits its review, and `invalid_request` with the field for a
 * change that cannot be made or that would leave nothing to train on or to ask.
 */
export async function approveUpdate(db: Db, id: string, changes: readonly SelfEditChange[]): Promise<Update> {
  return await db.transaction(async (tx) => {
    const [update] = await tx.select().from(updates).where(eq(updates.id, id)).for('update')
    if (update === undefined) throw new AppError('not_found', `there is no update ${id}`)
    if (update.state !== 'awaiting_review')
      throw new AppError('conflict', `update ${id} is ${update.state}; only one that awaits its review can be approved`)
    const counts = await reviewSelfEdits(tx, update, changes)
    // As whoever queues an update does: sequence numbers of a model become visible in their order.
    await lockModel(tx, { id: update.modelId })
    await tx
      .update(updates)
      .set({
        state: 'queued',
        phase: 'queued',
        sequence: sql`nextval(pg_get_serial_sequence('updates', 'sequence'))`,
        approvedAt: sql`now()`,
      })
      .where(eq(updates.id, id))
    await writeEvent(tx, id, 'approved', { ...counts })
    await writeEvent(tx, id, 'state', { state: 'queued' })
    return await getUpdate(tx, id)
  })
}
