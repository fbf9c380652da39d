// What alerts said was lost and nobody has found again: a document is open from the alert until a measurement of a promoted
// version finds its answers as likely as before the loss (services/monitor/find-recovered.ts), or until a rollback undoes
// the version that lost it. Alerts of rejected candidates open nothing, because what they lost never answered.
import { and, arrayOverlaps, eq, isNotNull, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import type { EvaluationInput } from '../evaluations/evaluation.ts'
import { findEvaluations } from '../evaluations/find-evaluations.ts'
import { getModelById } from '../models/get-model.ts'
import { updates } from '../updates/updates.table.ts'
import { listAncestors } from '../versions/list-ancestors.ts'
import { regressedIn } from '../versions/retention-record.ts'
import { verdictSchema } from '../versions/verdict.ts'
import { versions } from '../versions/versions.table.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { alerts } from './alerts.table.ts'

export interface OpenLoss {
  alertId: string
  documentId: string
  /** The alert names no document: its documents lost together, and are found again together. */
  together: boolean
  /** What was measured before the loss. */
  before: EvaluationInput
}

/**
 * Of a model, the oldest alert first. Before the loss is what the version was made with, where an evaluation found it, and
 * what its parent was made with, where it came with an update.
 */
export async function listOpenLosses(db: Db, modelId: string): Promise<OpenLoss[]> {
  const rows = await db
    .select({
      alertId: alerts.id,
      documentIds: alerts.openDocumentIds,
      version: versions.number,
      parent: versions.parent,
      kind: updates.kind,
      verdict: updates.verdict,
    })
    .from(alerts)
    .innerJoin(updates, eq(updates.id, alerts.updateId))
    .innerJoin(versions, and(eq(versions.modelId, alerts.modelId), eq(versions.number, alerts.version)))
    .where(and(eq(alerts.modelId, modelId), isNotNull(alerts.version), sql`cardinality(${alerts.openDocumentIds}) > 0`))
    .orderBy(alerts.createdAt, alerts.id)
  const measured = new Map<number, Map<string, EvaluationInput>>()
  const losses: OpenLoss[] = []
  for (const { alertId, documentIds, version, parent, kind, verdict } of rows) {
    const together = regressedIn(verdict && verdictSchema.parse(verdict).retention).length === 0
    const sound = kind === 'evaluate' ? version : (parent ?? 0)
    const known = measured.get(sound) ?? (await findEvaluations(db, modelId, sound, 'first'))
    measured.set(sound, known)
    for (const documentId of documentIds) {
      const before = known.get(documentId)
      if (before !== undefined) losses.push({ alertId, documentId, together, before })
    }
  }
  return losses
}

/** Inside the transaction that stores the measurement of `version`: these documents are as they were, and it is told. */
export async function closeLosses(
  tx: Db,
  { modelId, version, updateId }: { modelId: string; version: number; updateId: string | null },
  documentIds: readonly string[],
): Promise<void> {
  const closed = await dropLosses(tx, documentIds)
  if (closed.length === 0) return
  const model = await getModelById(tx, modelId)
  const found = new Set(closed.flatMap((alert) => alert.documentIds))
  await writeOutbox(tx, 'retention.recovered', {
    model: model.name,
    version,
    update_id: updateId,
    document_ids: documentIds.filter((id) => found.has(id)),
    alert_ids: closed.map(({ alertId }) => alertId),
  })
}

/**
 * Inside a rollback to `version`, which was taught `taught`: what was lost in versions that it does not come from answers as
 * it did. What an evaluation found is another matter: no version lost it, and a measurement has to find it again.
 */
export async function closeUndone(tx: Db, modelId: string, version: number, taught: readonly string[]): Promise<void> {
  const ancestors = await listAncestors(tx, modelId, version)
  const open = await tx
    .select({ documentIds: alerts.openDocumentIds, version: alerts.version, kind: updates.kind })
    .from(alerts)
    .innerJoin(updates, eq(updates.id, alerts.updateId))
    .where(and(eq(alerts.modelId, modelId), sql`cardinality(${alerts.openDocumentIds}) > 0`))
  const staying = open.filter((alert) => alert.kind === 'evaluate' || ancestors.includes(alert.version ?? 0))
  const stillLost = new Set(staying.flatMap(({ documentIds }) => documentIds))
  const undone = taught.filter((id) => !stillLost.has(id))
  await closeLosses(tx, { modelId, version, updateId: null }, undone)
}

/** These documents are open no more, in whatever alerts they were; without a word, as where they are deleted. Those alerts. */
export async function dropLosses(
  tx: Db,
  documentIds: readonly string[],
): Promise<{ alertId: string; documentIds: string[] }[]> {
  if (documentIds.length === 0) return []
  const found = await tx
    .select({ alertId: alerts.id, documentIds: alerts.openDocumentIds })
    .from(alerts)
    .where(arrayOverlaps(alerts.openDocumentIds, [...documentIds]))
    .orderBy(alerts.createdAt, alerts.id)
  for (const { alertId, documentIds: open } of found) {
    const openDocumentIds = open.filter((id) => !documentIds.includes(id))
    await tx.update(alerts).set({ openDocumentIds }).where(eq(alerts.id, alertId))
  }
  return found
}
