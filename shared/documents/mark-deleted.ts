import { and, inArray, isNull, sql } from 'drizzle-orm'
import { dropLosses } from '../alerts/open-losses.ts'
import type { Db } from '../database/database.ts'
import { documents } from './documents.table.ts'

/**
 * In the transaction that takes them out of the head. The rows stay: older versions hold the documents and are asked by
 * way of their words. The same text sent again is another document.
 */
export async function markDeleted(tx: Db, ids: readonly string[]): Promise<void> {
  await tx
    .update(documents)
    .set({ deletedAt: sql`now()` })
    .where(and(inArray(documents.id, [...ids]), isNull(documents.deletedAt)))
  // Nobody waits for them to be known again.
  await dropLosses(tx, ids)
}
