// Reading practices, each with its rounds.
import { and, asc, desc, eq, getTableColumns, inArray, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { updates } from '../updates/updates.table.ts'
import { toPractice, type Practice, type PracticeRow } from './practice.ts'
import { practiceRounds, practices } from './practices.table.ts'
import { toRound, type Round } from './round.ts'

/** Throws `not_found`. */
export async function getPractice(db: Db, id: string): Promise<Practice> {
  const [found] = await selectPractices(db).where(eq(practices.id, id))
  if (found === undefined) throw new AppError('not_found', `there is no practice ${id}`)
  const rounds = await roundsOf(db, [id])
  return toPractice(found.row, found.update, found.model, rounds.get(id) ?? [])
}

/** Throws `not_found`. */
export async function getPracticeOfUpdate(db: Db, updateId: string): Promise<Practice> {
  return await getPractice(db, (await getPracticeRow(db, updateId)).id)
}

/** The row as it is stored, for its trainer. Throws `not_found`. */
export async function getPracticeRow(db: Db, updateId: string): Promise<PracticeRow> {
  const [row] = await db.select().from(practices).where(eq(practices.updateId, updateId))
  if (row === undefined) throw new AppError('not_found', `update ${updateId} has no practice`)
  return row
}

/** Newest first, those that `by` sees; of one model where it is named. Throws `invalid_request` for an unknown `after`. */
export async function listPractices(
  db: Db,
  query: PageQuery & { model?: string | undefined },
  by: Sight = everything,
): Promise<Page<Practice>> {
  const found = await selectPractices(db)
    .where(
      and(
        ofCaller(practices.modelId, by),
        query.model === undefined ? undefined : eq(models.name, query.model),
        query.after === undefined
          ? undefined
          : lt(practices.sequence, await getCursor(db, { id: practices.id, column: practices.sequence }, query.after)),
      ),
    )
    .orderBy(desc(practices.sequence))
    .limit(query.limit + 1)
  const rounds = await roundsOf(
    db,
    found.map(({ row }) => row.id),
  )
  return toPage(
    found.map(({ row, update, model }) => toPractice(row, update, model, rounds.get(row.id) ?? [])),
    query.limit,
  )
}

function selectPractices(db: Db) {
  return db
    .select({ row: getTableColumns(practices), update: getTableColumns(updates), model: models.name })
    .from(practices)
    .innerJoin(updates, eq(updates.id, practices.updateId))
    .innerJoin(models, eq(models.id, practices.modelId))
}

async function roundsOf(db: Db, ids: string[]): Promise<Map<string, Round[]>> {
  const rows = await db
    .select()
    .from(practiceRounds)
    .where(inArray(practiceRounds.practiceId, ids))
    .orderBy(asc(practiceRounds.number))
  const rounds = new Map<string, Round[]>()
  for (const { practiceId, number, result, policy } of rows)
    rounds.set(practiceId, [...(rounds.get(practiceId) ?? []), toRound(number, result, policy?.sha256 ?? null)])
  return rounds
}
