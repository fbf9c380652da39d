// The end of an update that only looked: what it measured becomes the version's latest evaluation, and what it found is
// told once. A regression found again is no news; documents that are themselves again are.
import { and, desc, eq, inArray } from 'drizzle-orm'
import { createAlert, type AlertInput } from '../alerts/create-alert.ts'
import { closeLosses } from '../alerts/open-losses.ts'
import type { Db } from '../database/database.ts'
import type { EvaluationInput } from '../evaluations/evaluation.ts'
import { saveEvaluations } from '../evaluations/save-evaluations.ts'
import { lockModel } from '../models/lock-model.ts'
import { regressedIn } from '../versions/retention-record.ts'
import { rollBackRegressed } from '../versions/rollback.ts'
import { verdictSchema, type Verdict } from '../versions/verdict.ts'
import { endUpdate } from './finish-update.ts'
import { refuseCancelled, withLease, type Lease } from './lease.ts'
import type { Tally, Update, UpdateRow } from './update.ts'
import { updates } from './updates.table.ts'

export interface FinishEvaluationInput {
  /** The version that was asked. */
  version: number
  verdict: Verdict
  retained: Tally | null
  evaluations: readonly EvaluationInput[]
  /** Raised unless the evaluation before found the same; null when nothing was lost. */
  alert: AlertInput | null
  /** Documents of open alerts that it found as they were. */
  recovered: readonly string[]
  timingsMs: Record<string, number>
}

/**
 * One transaction under the lease, which it ends: `promoted`, or `rejected` when something was lost, and then, where the
 * model's settings say so, the parent version answers again. Throws `lease_lost`, and `cancelled` when that was asked for.
 */
export async function finishEvaluation(db: Db, lease: Lease, input: FinishEvaluationInput): Promise<Update> {
  const { version, verdict, retained, evaluations, alert, timingsMs } = input
  return await withLease(db, lease, async (tx, update) => {
    refuseCancelled(update)
    // Before its alerts, as a rollback and a promotion lock the two.
    await lockModel(tx, { id: update.modelId })
    const before = await findEvaluationBefore(tx, update)
    await saveEvaluations(tx, { update, version, evaluations })
    const lost = regressedIn(verdict.retention)
    const known = before?.version === version && before.verdict.regressed ? before.verdict.retention : undefined
    const isNews = known === undefined || lost.some((id) => !regressedIn(known).includes(id))
    const recovered = input.recovered.filter((id) => !lost.includes(id))
    await closeLosses(tx, { modelId: update.modelId, version, updateId: update.id }, recovered)
    if (alert !== null && isNews) await createAlert(tx, update, alert, version)
    if (verdict.regressed) await rollBackRegressed(tx, update.modelId, version)
    const state = verdict.regressed ? 'rejected' : 'promoted'
    return await endUpdate(tx, update, { state, version, verdict, retained, timingsMs })
  })
}

/** What the model's evaluation before this one found, of whatever version. */
async function findEvaluationBefore(
  tx: Db,
  { modelId }: UpdateRow,
): Promise<{ version: number | null; verdict: Verdict } | undefined> {
  const [row] = await tx
    .select({ version: updates.version, verdict: updates.verdict })
    .from(updates)
    .where(
      and(eq(updates.modelId, modelId), eq(updates.kind, 'evaluate'), inArray(updates.state, ['promoted', 'rejected'])),
    )
    .orderBy(desc(updates.sequence))
    .limit(1)
  return row === undefined || row.verdict === null
    ? undefined
    : { version: row.version, verdict: verdictSchema.parse(row.verdict) }
}
