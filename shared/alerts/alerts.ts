// Reading alerts; they are written by create-alert.ts.
import { and, desc, eq, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { unknownCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { listTitles } from '../documents/list-titles.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { toDocumentEvidence } from '../versions/retention-record.ts'
import { verdictSchema } from '../versions/verdict.ts'
import { updates } from '../updates/updates.table.ts'
import { toAlert, type Alert } from './alert.ts'
import { alerts } from './alerts.table.ts'

/** Throws not_found. */
export async function getAlert(db: Db, id: string): Promise<Alert> {
  const [row] = await selectAlerts(db).where(eq(alerts.id, id))
  if (!row) throw new AppError('not_found', `There is no alert ${id}.`)
  const [shown] = await toShown(db, [row])
  if (!shown) throw new AppError('internal', `alert ${id} could not be shown`)
  return shown
}

/**
 * Newest first, those that `by` sees, at most `limit` after the alert `after`. Throws invalid_request when `after` names no
 * alert.
 */
export async function listAlerts(
  db: Db,
  { model, limit, after }: PageQuery & { model?: string | undefined },
  by: Sight = everything,
): Promise<Page<Alert>> {
  const cursor = after === undefined ? undefined : await findPlace(db, after)
  const rows = await selectAlerts(db)
    .where(and(ofCaller(alerts.modelId, by), model === undefined ? undefined : eq(models.name, model), cursor))
    .orderBy(desc(alerts.createdAt), desc(alerts.id))
    .limit(limit + 1)
  return toPage(await toShown(db, rows), limit)
}

async function toShown(db: Db, rows: Awaited<ReturnType<typeof selectAlerts>>): Promise<Alert[]> {
  const found = rows.map(({ verdict, ...row }) => {
    const retention = verdict === null ? null : verdictSchema.parse(verdict).retention
    return { ...row, documents: toDocumentEvidence(retention) }
  })
  const ids = found.flatMap(({ documentIds, documents }) => [
    ...documentIds,
    ...documents.map((one) => one.document_id),
  ])
  const titles = await listTitles(db, ids)
  return found.map(({ alert, ...context }) => toAlert(alert, { ...context, titles }))
}

/** Compared inside the database: a JavaScript date would cut the microseconds off. */
async function findPlace(db: Db, after: string) {
  const [row] = await db
    .select({ createdAt: sql<string>`${alerts.createdAt}::text` })
    .from(alerts)
    .where(eq(alerts.id, after))
  if (!row) throw unknownCursor(after)
  const moment = sql`${row.createdAt}::timestamptz`
  return or(lt(alerts.createdAt, moment), and(eq(alerts.createdAt, moment), lt(alerts.id, after)))
}

function selectAlerts(db: Db) {
  return db
    .select({
      alert: alerts,
      model: models.name,
      kind: updates.kind,
      documentIds: updates.documentIds,
      verdict: updates.verdict,
    })
    .from(alerts)
    .innerJoin(models, eq(models.id, alerts.modelId))
    .innerJoin(updates, eq(updates.id, alerts.updateId))
}
