// Alerts: written in the transaction that decides about the update, together with the `retention.regressed` event,
// so that a promotion without its alarm, or an alarm for something that never happened, cannot exist.
import { and, desc, eq, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { models } from '../models/models.table.ts'
import { storableText } from '../storable-text.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { updates } from '../updates/updates.table.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import type { Alert, AlertEvidence } from './alert.ts'
import { alerts } from './alerts.table.ts'

export interface AlertInput {
  updateId: string
  /** The version the update became; null when it was rejected. */
  version: number | null
  /** Name of the test, for instance `mcnemar_exact_pooled`. */
  statistic: string
  pValue: number
  evidence: AlertEvidence[]
}

/** Stores the alert and its event; returns the alert as the wire shows it. Throws not_found for an unknown update. */
export async function writeAlert(tx: Db, input: AlertInput): Promise<Alert> {
  const [update] = await tx.select({ modelId: updates.modelId }).from(updates).where(eq(updates.id, input.updateId))
  if (!update) throw new AppError('not_found', `There is no update ${input.updateId}.`)
  const id = newId('alr')
  const evidence = input.evidence.map(storableEvidence)
  await tx.insert(alerts).values({ ...input, id, modelId: update.modelId, evidence })
  const alert = await getAlert(tx, id)
  await writeOutbox(tx, 'retention.regressed', alert)
  return alert
}

/** A model's answer may hold what the database refuses. */
function storableEvidence(evidence: AlertEvidence): AlertEvidence {
  const { before, after } = evidence
  return {
    ...evidence,
    before: { ...before, answer: storableText(before.answer) },
    after: { ...after, answer: storableText(after.answer) },
  }
}

/** Throws not_found. */
export async function getAlert(db: Db, id: string): Promise<Alert> {
  const [row] = await selectAlerts(db).where(eq(alerts.id, id))
  if (!row) throw new AppError('not_found', `There is no alert ${id}.`)
  return alertOf(row)
}

/** Newest first, at most `limit` after the alert `after`. Throws not_found when `after` does not exist. */
export async function listAlerts(
  db: Db,
  { model, limit, after }: { model?: string; limit: number; after?: string },
): Promise<{ data: Alert[]; hasMore: boolean }> {
  const cursor = after === undefined ? undefined : await getCursor(db, after)
  const rows = await selectAlerts(db)
    .where(and(model === undefined ? undefined : eq(models.name, model), cursor))
    .orderBy(desc(alerts.createdAt), desc(alerts.id))
    .limit(limit + 1)
  return { data: rows.slice(0, limit).map(alertOf), hasMore: rows.length > limit }
}

/** Compared inside the database: a JavaScript date would cut the microseconds off. */
async function getCursor(db: Db, after: string) {
  const [row] = await db
    .select({ createdAt: sql<string>`${alerts.createdAt}::text` })
    .from(alerts)
    .where(eq(alerts.id, after))
  if (!row) throw new AppError('not_found', `There is no alert ${after} to continue after.`, { field: 'after' })
  const moment = sql`${row.createdAt}::timestamptz`
  return or(lt(alerts.createdAt, moment), and(eq(alerts.createdAt, moment), lt(alerts.id, after)))
}

function selectAlerts(db: Db) {
  return db
    .select({ alert: alerts, model: models.name, documentIds: updates.documentIds })
    .from(alerts)
    .innerJoin(models, eq(models.id, alerts.modelId))
    .innerJoin(updates, eq(updates.id, alerts.updateId))
    .$dynamic()
}

function alertOf(row: { alert: typeof alerts.$inferSelect; model: string; documentIds: string[] }): Alert {
  const { alert, model, documentIds } = row
  return {
    object: 'alert',
    id: alert.id,
    model,
    update_id: alert.updateId,
    document_ids: documentIds,
    version: alert.version,
    statistic: alert.statistic,
    p_value: alert.pValue,
    evidence: alert.evidence,
    created_at: unixSeconds(alert.createdAt),
  }
}
