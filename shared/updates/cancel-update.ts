// Cancelling: at once where no worker is at it, else a request that the worker sees when it next renews its lease, and
// that promotion refuses to pass.
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { endUpdate } from './finish-update.ts'
import { getUpdate } from './get-update.ts'
import { writeEvent } from './update-events.ts'
import { isFinal, type Update } from './update.ts'
import { updates } from './updates.table.ts'

/**
 * The update afterwards: `cancelled`, or still running with `cancel_requested`. Cancelling twice is the same as once.
 * Throws `not_found`, and `conflict` for an update that ended otherwise.
 */
export async function cancelUpdate(db: Db, id: string): Promise<Update> {
  return await db.transaction(async (tx) => {
    const [found] = await tx
      .select({
        update: updates,
        leased: sql<boolean>`coalesce(${updates.leaseExpiresAt} >= clock_timestamp(), false)`,
      })
      .from(updates)
      .where(eq(updates.id, id))
      .for('update')
    if (found === undefined) throw new AppError('not_found', `there is no update ${id}`)
    const { update, leased } = found
    if (update.state === 'cancelled') return await getUpdate(tx, id)
    if (isFinal(update.state)) {
      throw new AppError('conflict', `update ${id} is ${update.state}; only one that is under way can be cancelled`)
    }
    if (!leased) {
      return await endUpdate(tx, update, { state: 'cancelled' })
    }
    if (update.cancelRequestedAt === null) {
      await tx
        .update(updates)
        .set({ cancelRequestedAt: sql`now()` })
        .where(eq(updates.id, id))
      await writeEvent(tx, id, 'cancel_requested', {})
    }
    return await getUpdate(tx, id)
  })
}
