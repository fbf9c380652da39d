// Changes a model's settings. They hold from the next update on, one that is queued already included; only another
// strategy has to fit what the model is made of now.
import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { updates } from '../updates/updates.table.ts'
import { getVersion } from '../versions/get-version.ts'
import { lockModelNamed } from './lock-model.ts'
import type { Model } from './model.ts'
import { models } from './models.table.ts'
import { patchSettings, type SettingsPatch } from './settings.ts'
import { strategyConflict } from './strategy-conflict.ts'

/**
 * The model afterwards. Throws `not_found`, and `conflict` for a strategy that cannot go on from the head or that would
 * change while updates are under way. `require` sees the model as it is under the lock, and may throw.
 */
export async function changeSettings(
  db: Db,
  name: string,
  patch: SettingsPatch,
  require: (current: Model) => void = () => undefined,
): Promise<Model> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    require(model)
    const settings = patchSettings(model.settings, patch)
    if (settings.strategy !== model.settings.strategy) {
      const head = await getVersion(tx, name, model.headVersion)
      const why = strategyConflict(settings.strategy, head.manifest)
      if (why !== null) throw new AppError('conflict', why, { field: 'strategy' })
      await refuseDuringUpdates(tx, model)
    }
    await tx.update(models).set({ settings }).where(eq(models.id, model.id))
    return { ...model, settings }
  })
}

/** One under way would promote a version of the old strategy under the new one. What awaits its review is planned after it. */
async function refuseDuringUpdates(tx: Db, model: Model): Promise<void> {
  const [unfinished] = await tx
    .select({ id: updates.id })
    .from(updates)
    .where(and(eq(updates.modelId, model.id), isNull(updates.finishedAt), ne(updates.state, 'awaiting_review')))
    .limit(1)
  if (unfinished !== undefined)
    throw new AppError(
      'conflict',
      `update ${unfinished.id} of ${model.name} is not finished: change the strategy when it is, or cancel it`,
      { field: 'strategy' },
    )
}
