// Publishes an old version as the head again. Nothing is deleted: the versions after it stay, and the next promotion
// takes the old one as its parent.
import { eq } from 'drizzle-orm'
import { closeUndone } from '../alerts/open-losses.ts'
import { recordChange } from '../audit/audit.ts'
import type { Db } from '../database/database.ts'
import { lockModel, lockModelNamed } from '../models/lock-model.ts'
import type { Model } from '../models/model.ts'
import { models } from '../models/models.table.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { getKeptVersion, getVersion } from './get-version.ts'
import { documentsTaught } from './manifest.ts'
import type { Version } from './version.ts'
import { promotions } from './versions.table.ts'

/**
 * Returns the version that is the head now. Rolling back to the head is the same as doing nothing. Throws `not_found`.
 * An update under way notices at its promotion (`head_moved`) and starts again from the new head.
 */
export async function rollback(db: Db, model: string, number: number): Promise<Version> {
  return await db.transaction(async (tx) => {
    const locked = await lockModelNamed(tx, model)
    const version = await getKeptVersion(tx, model, number)
    if (locked.headVersion === number) return version
    await publishAgain(tx, locked, version, 'requested')
    return await getVersion(tx, model, number)
  })
}

/**
 * What a model with `auto_rollback` does about a regression that a later evaluation found in `version`: the version it was
 * made from answers again. Returns that one's number; null when the model does not ask for it or the head is another by
 * now. Call it in the transaction that stores the regression.
 */
export async function rollBackRegressed(tx: Db, modelId: string, version: number): Promise<number | null> {
  const model = await lockModel(tx, { id: modelId })
  if (model === undefined || !model.settings.autoRollback || model.headVersion !== version) return null
  const { parent } = await getVersion(tx, model.name, version)
  if (parent === null) return null
  const before = await getVersion(tx, model.name, parent)
  if (before.deletedAt !== null) return null
  await publishAgain(tx, model, before, 'regressed')
  return parent
}

/** The model is locked. */
async function publishAgain(
  tx: Db,
  model: Model,
  { number: version, manifest }: Version,
  reason: 'requested' | 'regressed',
): Promise<void> {
  await tx.update(models).set({ headVersion: version }).where(eq(models.id, model.id))
  await tx.insert(promotions).values({ modelId: model.id, version, reason: 'rolled_back' })
  if (reason === 'regressed')
    await recordChange(tx, {
      ...{ action: 'version.rolled_back', modelId: model.id, model: model.name, updateId: null },
      input: { version, from: model.headVersion, reason },
    })
  await writeOutbox(tx, 'version.rolled_back', { model: model.name, version, from: model.headVersion, reason })
  await closeUndone(tx, model.id, version, documentsTaught(manifest))
}
