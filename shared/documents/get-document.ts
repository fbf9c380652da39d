// Reading documents. The latest update, which gives a document its state, is found through the array of document ids.
import { and, arrayContains, desc, eq, getTableColumns, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import type { UpdateRow, UpdateState } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import { toDocument, type Document, type DocumentWithText } from './document.ts'
import { documents } from './documents.table.ts'

/** Throws `not_found`. */
export async function getDocument(db: Db, id: string): Promise<DocumentWithText> {
  const [found] = await selectDocuments(db).where(and(eq(documents.id, id), isNull(documents.deletedAt)))
  if (found === undefined) throw new AppError('not_found', `there is no document ${id}`)
  const [body] = await db
    .select({ text: documents.text, questions: documents.questions, study: documents.study })
    .from(documents)
    .where(eq(documents.id, id))
  return {
    ...toDocument(found.row, found),
    text: body?.text ?? '',
    questions: body?.questions ?? [],
    study: body?.study?.mode ?? 'own',
    self_edits: body?.study?.selfEdits ?? [],
  }
}

/** Texts by id; without those of deleted documents. */
export async function listDocumentTexts(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: documents.id, text: documents.text })
    .from(documents)
    .where(and(inArray(documents.id, [...ids]), isNull(documents.deletedAt)))
  return new Map(rows.map(({ id, text }) => [id, text]))
}

export interface ListDocumentsQuery extends PageQuery {
  /** A model's name; all models without it. */
  model?: string | undefined
}

/** Newest first, those that `by` sees. Throws `invalid_request` when `after` names no document. */
export async function listDocuments(
  db: Db,
  query: ListDocumentsQuery,
  by: Sight = everything,
): Promise<Page<Document>> {
  const conditions = [isNull(documents.deletedAt), ofCaller(documents.modelId, by)]
  if (query.model !== undefined) conditions.push(eq(models.name, query.model))
  if (query.after !== undefined)
    conditions.push(
      lt(documents.sequence, await getCursor(db, { id: documents.id, column: documents.sequence }, query.after)),
    )
  const found = await selectDocuments(db)
    .where(and(...conditions))
    .orderBy(desc(documents.sequence))
    .limit(query.limit + 1)
  return toPage(
    found.map((each) => toDocument(each.row, each)),
    query.limit,
  )
}

/** After a deletion that failed or was cancelled a document is what it was before. */
const countsForState = sql`not (${updates.kind} = 'forget' and ${updates.state} in ('rejected', 'failed', 'cancelled'))`

/** The update that was queued last for a document, and not a deletion that came to nothing. */
export async function findLatestUpdate(db: Db, documentId: string): Promise<UpdateRow | undefined> {
  const [row] = await db
    .select()
    .from(updates)
    .where(and(arrayContains(updates.documentIds, [documentId]), countsForState))
    .orderBy(desc(updates.sequence))
    .limit(1)
  return row
}

/** Without the texts: a page of a hundred could be a hundred megabytes. */
function selectDocuments(db: Db) {
  const { id, title, sha256, createdAt } = getTableColumns(documents)
  const latest = sql`(select id, state from ${updates} where ${updates.documentIds} @> array[${documents.id}] and ${countsForState} order by ${updates.sequence} desc limit 1)`
  return db
    .select({
      row: { id, title, sha256, createdAt },
      model: models.name,
      latestUpdate: { id: sql<string>`latest.id`, state: sql<UpdateState>`latest.state` },
    })
    .from(documents)
    .innerJoin(models, eq(models.id, documents.modelId))
    .innerJoin(sql`lateral ${latest} latest`, sql`true`)
}
