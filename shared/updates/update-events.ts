// What happened to an update, in order, for `GET /v1/updates/ID/events`. Ids of one update rise in the order of commit,
// because every writer holds the update's row: a reader that goes on after the last id it saw misses nothing.
import { and, asc, eq, gt } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { updateEvents } from './update-events.table.ts'

/** Besides these the trainer writes events of its own, e.g. one for each kept self-edit. */
export type UpdateEventType = 'state' | 'progress' | (string & {})

export const updateEventSchema = z.object({
  id: z.number().int(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  created_at: z.number().int(),
})
export type UpdateEvent = z.infer<typeof updateEventSchema>

export async function writeEvent(
  tx: Db,
  updateId: string,
  type: UpdateEventType,
  data: Record<string, unknown>,
): Promise<void> {
  await tx.insert(updateEvents).values({ updateId, type, data })
}

/** Oldest first, at most `limit`, those after `afterId` (0: from the start). Empty for an unknown update. */
export async function listUpdateEvents(db: Db, updateId: string, afterId: number, limit = 500): Promise<UpdateEvent[]> {
  const rows = await db
    .select()
    .from(updateEvents)
    .where(and(eq(updateEvents.updateId, updateId), gt(updateEvents.id, afterId)))
    .orderBy(asc(updateEvents.id))
    .limit(limit)
  return rows.map((row) => ({ id: row.id, type: row.type, data: row.data, created_at: unixSeconds(row.createdAt) }))
}
