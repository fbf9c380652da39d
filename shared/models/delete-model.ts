// Deletes a model with everything that is its own: documents, probes, self-edits, updates, practices, versions,
// evaluations, alerts and aliases. What is left are its adapters in the object store, which are named by their content and
// may be another's too, and the notices that were sent of it.
import { asc, eq, inArray } from 'drizzle-orm'
import { alerts } from '../alerts/alerts.table.ts'
import { aliasMoves } from '../aliases/alias-moves.table.ts'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import { AppError } from '../errors.ts'
import { evaluationAnswers, evaluations } from '../evaluations/evaluations.table.ts'
import { fineTuningJobs } from '../fine-tuning/fine-tuning-jobs.table.ts'
import { practiceRounds, practices, practiceSteps } from '../practice/practices.table.ts'
import { probes } from '../probes/probes.table.ts'
import { selfEdits } from '../self-edits/self-edits.table.ts'
import { updateEvents } from '../updates/update-events.table.ts'
import { updates } from '../updates/updates.table.ts'
import { promotions, versions } from '../versions/versions.table.ts'
import { uploads } from '../uploads/uploads.table.ts'
import { getModel } from './get-model.ts'
import { lockModel } from './lock-model.ts'
import type { Model } from './model.ts'
import { models } from './models.table.ts'

/** What every call without a model asks. */
const KEPT = 'default'

/**
 * Throws `not_found`, and `conflict` for the model `default`. An update under way is deleted under its worker, which then
 * finds its lease gone and stops. `require` sees the model as it is under the lock, and may throw.
 */
export async function deleteModel(
  db: Db,
  name: string,
  require: (current: Model) => void = () => undefined,
): Promise<void> {
  if (name === KEPT)
    throw new AppError('conflict', `the model '${KEPT}' is what calls without a model ask: it cannot be deleted`)
  await db.transaction(async (tx) => {
    const { id } = await getModel(tx, name)
    // Updates before the model, as a worker that promotes locks them.
    await tx
      .select({ id: updates.id })
      .from(updates)
      .where(eq(updates.modelId, id))
      .orderBy(asc(updates.id))
      .for('update')
    const locked = await lockModel(tx, { id })
    if (locked !== undefined) require(locked)
    const ofModel = {
      documents: tx.select({ id: documents.id }).from(documents).where(eq(documents.modelId, id)),
      updates: tx.select({ id: updates.id }).from(updates).where(eq(updates.modelId, id)),
      practices: tx.select({ id: practices.id }).from(practices).where(eq(practices.modelId, id)),
      evaluations: tx.select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.modelId, id)),
    }
    // Each before what it refers to.
    await tx.delete(evaluationAnswers).where(inArray(evaluationAnswers.evaluationId, ofModel.evaluations))
    await tx.delete(evaluations).where(eq(evaluations.modelId, id))
    await tx.delete(alerts).where(eq(alerts.modelId, id))
    await tx.delete(aliasMoves).where(eq(aliasMoves.modelId, id))
    await tx.delete(fineTuningJobs).where(eq(fineTuningJobs.modelId, id))
    await tx.delete(promotions).where(eq(promotions.modelId, id))
    await tx.delete(versions).where(eq(versions.modelId, id))
    await tx.delete(selfEdits).where(inArray(selfEdits.updateId, ofModel.updates))
    await tx.delete(updateEvents).where(inArray(updateEvents.updateId, ofModel.updates))
    await tx.delete(practiceSteps).where(inArray(practiceSteps.practiceId, ofModel.practices))
    await tx.delete(practiceRounds).where(inArray(practiceRounds.practiceId, ofModel.practices))
    await tx.delete(practices).where(eq(practices.modelId, id))
    await tx.delete(updates).where(eq(updates.modelId, id))
    await tx.delete(probes).where(inArray(probes.documentId, ofModel.documents))
    await tx.delete(uploads).where(eq(uploads.modelId, id))
    await tx.delete(documents).where(eq(documents.modelId, id))
    await tx.delete(models).where(eq(models.id, id))
  })
}
