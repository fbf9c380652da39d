// Reading updates.
import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { toUpdate, type Update, type UpdateState } from './update.ts'
import { updates } from './updates.table.ts'

/** Throws `not_found`. */
export async function getUpdate(db: Db, id: string): Promise<Update> {
  const [found] = await selectUpdates(db).where(eq(updates.id, id))
  if (found === undefined) throw new AppError('not_found', `there is no update ${id}`)
  return toUpdate(found.row, found.model)
}

export interface ListUpdatesQuery extends PageQuery {
  /** A model's name; all models without it. */
  model?: string | undefined
  state?: UpdateState | undefined
}

/** Newest first, those that `by` sees. Throws `invalid_request` when `after` names no update. */
export async function listUpdates(db: Db, query: ListUpdatesQuery, by: Sight = everything): Promise<Page<Update>> {
  const found = await selectUpdates(db)
    .where(
      and(
        ofCaller(updates.modelId, by),
        query.model === undefined ? undefined : eq(models.name, query.model),
        query.state === undefined ? undefined : eq(updates.state, query.state),
        query.after === undefined
          ? undefined
          : lt(updates.sequence, await getCursor(db, { id: updates.id, column: updates.sequence }, query.after)),
      ),
    )
    .orderBy(desc(updates.sequence))
    .limit(query.limit + 1)
  return toPage(
    found.map(({ row, model }) => toUpdate(row, model)),
    query.limit,
  )
}

function selectUpdates(db: Db) {
  return db
    .select({ row: getTableColumns(updates), model: models.name })
    .from(updates)
    .innerJoin(models, eq(models.id, updates.modelId))
}
