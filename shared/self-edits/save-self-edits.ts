// Self-edits as they are stored: all that was written or given, the dropped ones with their reason.
import { and, asc, desc, eq, getTableColumns, inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { newId } from '../ids.ts'
import { storableText } from '../storable-text.ts'
import { withLease, type Lease } from '../updates/lease.ts'
import { updates } from '../updates/updates.table.ts'
import type { SelfEdit, StoredSelfEdit } from './self-edit.ts'
import { selfEdits } from './self-edits.table.ts'

/** Rows of one insert; a statement takes at most 65,535 parameters and a row has twelve. */
const rowsPerInsert = 5_000

/**
 * Replaces what this update wrote about the document: a restart studies anew or goes on from what is stored. Throws
 * `lease_lost`.
 */
export async function saveSelfEdits(
  db: Db,
  lease: Lease,
  documentId: string,
  list: readonly SelfEdit[],
): Promise<void> {
  await withLease(db, lease, async (tx) => {
    await tx.delete(selfEdits).where(and(eq(selfEdits.updateId, lease.updateId), eq(selfEdits.documentId, documentId)))
    const rows = list.map((edit, position) => ({
      ...edit,
      id: newId('sed'),
      updateId: lease.updateId,
      documentId,
      position,
      prompt: storableText(edit.prompt),
      completion: storableText(edit.completion),
    }))
    for (let start = 0; start < rows.length; start += rowsPerInsert) {
      await tx.insert(selfEdits).values(rows.slice(start, start + rowsPerInsert))
    }
  })
}

/** What an update wrote, in the order of writing, document by document. Empty for an unknown update. */
export async function listSelfEdits(db: Db, updateId: string): Promise<StoredSelfEdit[]> {
  const rows = await db
    .select()
    .from(selfEdits)
    .where(eq(selfEdits.updateId, updateId))
    .orderBy(asc(selfEdits.documentId), asc(selfEdits.position))
  return rows.map(toStoredSelfEdit)
}

/**
 * What was written about these documents, by each one's latest update that wrote anything, document by document in the
 * order of writing. Not by all its updates: what one held out as a probe another, rejected before, may have kept for
 * training.
 */
export async function listSelfEditsOfDocuments(db: Db, documentIds: readonly string[]): Promise<StoredSelfEdit[]> {
  if (documentIds.length === 0) return []
  const latest = db
    .selectDistinctOn([selfEdits.documentId], { documentId: selfEdits.documentId, updateId: selfEdits.updateId })
    .from(selfEdits)
    .innerJoin(updates, eq(updates.id, selfEdits.updateId))
    .where(inArray(selfEdits.documentId, [...documentIds]))
    .orderBy(selfEdits.documentId, desc(updates.sequence))
    .as('latest')
  const rows = await db
    .select(getTableColumns(selfEdits))
    .from(selfEdits)
    .innerJoin(latest, and(eq(latest.documentId, selfEdits.documentId), eq(latest.updateId, selfEdits.updateId)))
    .orderBy(asc(selfEdits.documentId), asc(selfEdits.position))
  return rows.map(toStoredSelfEdit)
}

function toStoredSelfEdit(row: typeof selfEdits.$inferSelect): StoredSelfEdit {
  const { id, updateId, documentId, origin, format, prompt, completion, source, kept, heldOut, reason } = row
  return { id, updateId, documentId, origin, format, prompt, completion, source, kept, heldOut, reason }
}
