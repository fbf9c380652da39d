// Finding models by name (callers) and by id (rows that refer to them).
import { asc, eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { toModel, type Model } from './model.ts'
import { models } from './models.table.ts'

/** Throws `not_found`. */
export async function getModel(db: Db, name: string): Promise<Model> {
  const [row] = await db.select().from(models).where(eq(models.name, name))
  if (row === undefined) throw noModel(name)
  return toModel(row)
}

/** In these words of every model that a caller names and does not see, be it there or not. */
export function noModel(name: string): AppError {
  return new AppError('not_found', `there is no model '${name}'; GET /v1/models lists those there are`, {
    field: 'model',
  })
}

/** Throws `not_found`. */
export async function getModelById(db: Db, id: string): Promise<Model> {
  const [row] = await db.select().from(models).where(eq(models.id, id))
  if (row === undefined) throw new AppError('not_found', `there is no model with the id ${id}`)
  return toModel(row)
}

/** Oldest first, those that `by` sees. */
export async function listModels(db: Db, by: Sight = everything): Promise<Model[]> {
  const rows = await db
    .select()
    .from(models)
    .where(ofCaller(models.id, by))
    .orderBy(asc(models.createdAt), asc(models.name))
  return rows.map(toModel)
}
