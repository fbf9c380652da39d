// Reading versions. `model` is a name everywhere here.
import { and, asc, desc, eq, getTableColumns, inArray, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { getModel } from '../models/get-model.ts'
import { models } from '../models/models.table.ts'
import type { Page, PageQuery } from '../page.ts'
import { toPage } from '../page.ts'
import { toVersion, toVersionBody, type Version, type VersionBody } from './version.ts'
import { promotions, versions } from './versions.table.ts'

/** Throws `not_found` for the model or the number. */
export async function getVersion(db: Db, model: string, number: number): Promise<Version> {
  const { id } = await getModel(db, model)
  const [row] = await db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, id), eq(versions.number, number)))
  if (row === undefined) throw noVersion(model, number)
  return toVersion(row, model, await listPromotions(db, id, [number]))
}

/** One that can answer. Throws as `getVersion` does, and `not_found` for one that was deleted. */
export async function getKeptVersion(db: Db, model: string, number: number): Promise<Version> {
  const version = await getVersion(db, model, number)
  if (version.deletedAt === null) return version
  throw new AppError('not_found', `version ${number} of ${model} was deleted`, { field: 'version' })
}

/** The version that answers: one statement, so that it cannot change between reading its number and reading it. */
export async function getHead(db: Db, model: string): Promise<Version> {
  const [found] = await db
    .select({ row: getTableColumns(versions) })
    .from(models)
    .innerJoin(versions, and(eq(versions.modelId, models.id), eq(versions.number, models.headVersion)))
    .where(eq(models.name, model))
  if (found === undefined) {
    await getModel(db, model)
    throw new AppError('internal', `the head of ${model} is missing`)
  }
  return toVersion(found.row, model, await listPromotions(db, found.row.modelId, [found.row.number]))
}

/** Newest first. `after` is a version's id, `name@vN`. */
export async function listVersions(db: Db, model: string, query: PageQuery): Promise<Page<VersionBody>> {
  const { id } = await getModel(db, model)
  const rows = await db
    .select()
    .from(versions)
    .where(
      and(
        eq(versions.modelId, id),
        query.after === undefined ? undefined : lt(versions.number, numberOf(model, query.after)),
      ),
    )
    .orderBy(desc(versions.number))
    .limit(query.limit + 1)
  const numbers = rows.map((row) => row.number)
  const history = await listPromotions(db, id, numbers)
  const bodies = rows.map((row) => {
    const ofVersion = history.filter((promotion) => promotion.version === row.number)
    return toVersionBody(toVersion(row, model, ofVersion))
  })
  return toPage(bodies, query.limit)
}

function noVersion(model: string, number: number): AppError {
  return new AppError('not_found', `model ${model} has no version ${number}`, { field: 'version' })
}

async function listPromotions(db: Db, modelId: string, numbers: number[]) {
  if (numbers.length === 0) return []
  return await db
    .select()
    .from(promotions)
    .where(and(eq(promotions.modelId, modelId), inArray(promotions.version, numbers)))
    .orderBy(asc(promotions.id))
}

function numberOf(model: string, id: string): number {
  const match = /^(.+)@v(\d{1,9})$/.exec(id)
  if (match?.[1] !== model) {
    throw new AppError('invalid_request', `after: '${id}' is no version of ${model}`, { field: 'after' })
  }
  return Number(match[2])
}
