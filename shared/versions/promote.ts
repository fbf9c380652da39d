// Makes a candidate the head of its model: one transaction, fenced by the lease. Either everything of it is there (the
// version with its manifest, the evaluations, the head, the finished update, the alerts, the notices to the endpoints)
// or nothing is, and a second try finds the lease gone. The adapters it names lie in the object store already.
import { eq, max } from 'drizzle-orm'
import { createAlert, type AlertInput } from '../alerts/create-alert.ts'
import { closeLosses } from '../alerts/open-losses.ts'
import { recordChange } from '../audit/audit.ts'
import type { Db } from '../database/database.ts'
import { markDeleted } from '../documents/mark-deleted.ts'
import { AppError } from '../errors.ts'
import type { EvaluationInput } from '../evaluations/evaluation.ts'
import { saveEvaluations } from '../evaluations/save-evaluations.ts'
import { lockModel } from '../models/lock-model.ts'
import { models } from '../models/models.table.ts'
import { refuseCollected } from '../registry/collect-garbage.ts'
import { endUpdate } from '../updates/finish-update.ts'
import { refuseCancelled, withLease, type Lease } from '../updates/lease.ts'
import type { Forgotten, Tally, Update } from '../updates/update.ts'
import { manifestSchema, type Manifest } from './manifest.ts'
import { applyRetentionPolicy } from './prune-versions.ts'
import type { Verdict } from './verdict.ts'
import { promotions, versions } from './versions.table.ts'

export interface PromoteInput {
  /** The head that the candidate was made from and measured against. */
  parent: number
  manifest: Manifest
  verdict: Verdict
  learned: Tally | null
  retained: Tally | null
  /** Of the candidate: every document of the manifest, the new ones included. */
  evaluations: readonly EvaluationInput[]
  /** Of the untouched base: the new documents. They fill row 0 of the retention matrix. */
  baseEvaluations: readonly EvaluationInput[]
  /** Of a deletion: what the candidate still knows of its documents, and the answers that show it. */
  forgotten?: Forgotten | null
  forgottenEvaluations?: readonly EvaluationInput[]
  alert?: AlertInput | null
  /** Documents of open alerts that the candidate knows as before. */
  recovered?: readonly string[]
  timingsMs: Record<string, number>
  trainedTokens: number
}

/**
 * Returns the new version's number. Throws `lease_lost`; `cancelled` when cancellation was asked for meanwhile;
 * `head_moved` when the head is no longer `parent` (after a rollback), `store_failed` when an adapter was collected as
 * garbage meanwhile: the update starts again.
 */
export async function promoteVersion(
  db: Db,
  lease: Lease,
  input: PromoteInput,
): Promise<{ version: number; update: Update }> {
  const manifest = manifestSchema.parse(input.manifest)
  return await withLease(db, lease, async (tx, update) => {
    refuseCancelled(update)
    const model = await lockModel(tx, { id: update.modelId })
    if (model?.headVersion !== input.parent) {
      throw new AppError('head_moved', `the head moved from ${input.parent} to ${model?.headVersion ?? 'nothing'}`)
    }
    const version = await nextNumber(tx, update.modelId)
    const ids = { modelId: update.modelId, updateId: update.id }
    const { parent, verdict } = input
    await tx.insert(versions).values({ ...ids, number: version, parent, manifest, verdict })
    await refuseCollected(tx, lease, manifest)
    await saveEvaluations(tx, { update, version, evaluations: input.evaluations })
    await saveEvaluations(tx, { update, version: 0, evaluations: input.baseEvaluations })
    if (update.kind === 'forget') {
      // Evidence without a version: what a version was asked is what the next update asks again.
      await saveEvaluations(tx, { update, version: null, evaluations: input.forgottenEvaluations ?? [] })
      await markDeleted(tx, update.documentIds)
    }
    await tx.insert(promotions).values({ modelId: update.modelId, version, reason: 'promoted' })
    await tx.update(models).set({ headVersion: version }).where(eq(models.id, update.modelId))
    await closeLosses(tx, { ...ids, version }, input.recovered ?? [])
    await recordChange(tx, {
      ...{ action: 'version.promoted', modelId: update.modelId, model: model.name, updateId: update.id },
      input: { version, parent, kind: update.kind },
    })
    await applyRetentionPolicy(tx, { ...model, headVersion: version }, update.id)
    if (input.alert) await createAlert(tx, update, input.alert, version)
    const { learned, retained, forgotten = null, timingsMs, trainedTokens } = input
    const end = { state: 'promoted', version, verdict, learned, retained, forgotten, timingsMs, trainedTokens } as const
    return { version, update: await endUpdate(tx, update, end) }
  })
}

/** One above the highest, not above the head: a number that was rolled back from is never used again. */
async function nextNumber(tx: Db, modelId: string): Promise<number> {
  const [row] = await tx
    .select({ highest: max(versions.number) })
    .from(versions)
    .where(eq(versions.modelId, modelId))
  return (row?.highest ?? 0) + 1
}
