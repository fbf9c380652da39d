// Publishes an old version as the head again. Nothing is deleted: the versions after it stay, and the next promotion
// takes the old one as its parent.
import { eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModel } from '../models/lock-model.ts'
import { models } from '../models/models.table.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { getVersion } from './get-version.ts'
import type { Version } from './version.ts'
import { promotions } from './versions.table.ts'

/**
 * Returns the version that is the head now. Rolling back to the head is the same as doing nothing. Throws `not_found`.
 * An update under way notices at its promotion (`head_moved`) and starts again from the new head.
 */
export async function rollback(db: Db, model: string, number: number): Promise<Version> {
  return await db.transaction(async (tx) => {
    const locked = await lockModel(tx, { name: model })
    if (locked === undefined) throw new AppError('not_found', `there is no model '${model}'`, { field: 'model' })
    const version = await getVersion(tx, model, number)
    if (locked.headVersion === number) return version
    await tx.update(models).set({ headVersion: number }).where(eq(models.id, locked.id))
    await tx.insert(promotions).values({ modelId: locked.id, version: number, reason: 'rolled_back' })
    await writeOutbox(tx, 'version.rolled_back', { model, version: number, from: locked.headVersion })
    return await getVersion(tx, model, number)
  })
}
