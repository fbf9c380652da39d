// Asks for a document to be forgotten: an update like any other, in its turn. An update that is still teaching it is
// cancelled, so that nothing is learned for the sake of being forgotten.
import { and, arrayContains, eq, isNull } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModel } from '../models/lock-model.ts'
import { cancelUpdate } from '../updates/cancel-update.ts'
import { queueUpdate } from '../updates/queue-update.ts'
import { toUpdate, type Update } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import { getVersion } from '../versions/get-version.ts'
import { documentsTaught } from '../versions/manifest.ts'
import { documents } from './documents.table.ts'

/**
 * The update that will take it out; the one that is under way when asked twice. A deleted document that a rollback
 * brought back is taken out again. Throws `not_found`.
 */
export async function deleteDocument(db: Db, id: string): Promise<Update> {
  return await db.transaction(async (tx) => {
    const [document] = await tx
      .select({ modelId: documents.modelId, deletedAt: documents.deletedAt })
      .from(documents)
      .where(eq(documents.id, id))
    if (document === undefined) throw noDocument(id)
    // Before the model's row, in the order in which a promotion takes the two.
    await cancelTeaching(tx, id)
    const model = await lockModel(tx, { id: document.modelId })
    if (model === undefined) throw noDocument(id)
    const [underWay] = await tx
      .select()
      .from(updates)
      .where(and(arrayContains(updates.documentIds, [id]), eq(updates.kind, 'forget'), isNull(updates.finishedAt)))
    if (underWay !== undefined) return toUpdate(underWay, model.name)
    if (document.deletedAt !== null) {
      const { manifest } = await getVersion(tx, model.name, model.headVersion)
      if (!documentsTaught(manifest).includes(id)) throw noDocument(id)
    }
    const queued = await queueUpdate(tx, { modelId: model.id, kind: 'forget', documentIds: [id], review: false })
    return toUpdate(queued, model.name)
  })
}

/** Updates of this document alone; one of several goes on, and the deletion takes its turn after it. */
async function cancelTeaching(tx: Db, id: string): Promise<void> {
  const teaching = await tx
    .select({ id: updates.id })
    .from(updates)
    .where(and(eq(updates.documentIds, [id]), eq(updates.kind, 'incorporate'), isNull(updates.finishedAt)))
    .orderBy(updates.sequence)
    .for('update')
  for (const update of teaching) await cancelUpdate(tx, update.id)
}

function noDocument(id: string): AppError {
  return new AppError('not_found', `there is no document ${id}`)
}
