// Reading versions. `model` is a name everywhere here.
import { and, asc, desc, eq, getTableColumns, inArray, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { unknownCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { getModel } from '../models/get-model.ts'
import { models } from '../models/models.table.ts'
import type { Page, PageQuery } from '../page.ts'
import { toPage } from '../page.ts'
import { updates } from '../updates/updates.table.ts'
import { toVersion, toVersionBody, type Version, type VersionBody } from './version.ts'
import { promotions, versions } from './versions.table.ts'

/** Throws `not_found` for the model or the number, which came in `field` of the request. */
export async function getVersion(db: Db, model: string, number: number, field = 'version'): Promise<Version> {
  const { id } = await getModel(db, model)
  const [found] = await selectVersions(db).where(and(eq(versions.modelId, id), eq(versions.number, number)))
  if (found === undefined) throw new AppError('not_found', `model ${model} has no version ${number}`, { field })
  return toVersion(found, model, await listPromotions(db, id, [number]))
}

/** One that can answer. Throws as `getVersion` does, and `not_found` for one that was deleted. */
export async function getKeptVersion(db: Db, model: string, number: number, field = 'version'): Promise<Version> {
  const version = await getVersion(db, model, number, field)
  if (version.deletedAt === null) return version
  throw new AppError('not_found', `version ${number} of ${model} was deleted`, { field })
}

/** The version that answers: one statement, so that it cannot change between reading its number and reading it. */
export async function getHead(db: Db, model: string): Promise<Version> {
  const [found] = await selectVersions(db)
    .innerJoin(models, and(eq(models.id, versions.modelId), eq(models.headVersion, versions.number)))
    .where(eq(models.name, model))
  if (found === undefined) {
    await getModel(db, model)
    throw new AppError('internal', `the head of ${model} is missing`)
  }
  return toVersion(found, model, await listPromotions(db, found.row.modelId, [found.row.number]))
}

/** Newest first. `after` is a version's id, `name@vN`. */
export async function listVersions(db: Db, model: string, query: PageQuery): Promise<Page<VersionBody>> {
  const { id } = await getModel(db, model)
  const rows = await selectVersions(db)
    .where(
      and(
        eq(versions.modelId, id),
        query.after === undefined ? undefined : lt(versions.number, await getNumber(db, { id, model }, query.after)),
      ),
    )
    .orderBy(desc(versions.number))
    .limit(query.limit + 1)
  const numbers = rows.map(({ row }) => row.number)
  const history = await listPromotions(db, id, numbers)
  const bodies = rows.map((found) => {
    const ofVersion = history.filter((promotion) => promotion.version === found.row.number)
    return toVersionBody(toVersion(found, model, ofVersion))
  })
  return toPage(bodies, query.limit)
}

/** With what its update came to. */
function selectVersions(db: Db) {
  const { learned, retained, trainedTokens } = updates
  return db
    .select({ row: getTableColumns(versions), metrics: { learned, retained, trainedTokens } })
    .from(versions)
    .leftJoin(updates, eq(updates.id, versions.updateId))
}

async function listPromotions(db: Db, modelId: string, numbers: number[]) {
  if (numbers.length === 0) return []
  return await db
    .select()
    .from(promotions)
    .where(and(eq(promotions.modelId, modelId), inArray(promotions.version, numbers)))
    .orderBy(asc(promotions.id))
}

/** Of the version whose id is `after`. Throws `invalid_request`. */
async function getNumber(db: Db, { id, model }: { id: string; model: string }, after: string): Promise<number> {
  const [, name, number] = /^(.+)@v(\d{1,9})$/.exec(after) ?? []
  const of = and(eq(versions.modelId, id), eq(versions.number, Number(number ?? -1)))
  const [row] = name === model ? await db.select({ number: versions.number }).from(versions).where(of) : []
  if (row === undefined) throw unknownCursor(after)
  return row.number
}
