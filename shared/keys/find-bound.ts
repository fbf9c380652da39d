// What a key or an endpoint is bound to, by name as well.
import { asc, inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { models } from '../models/models.table.ts'
import type { BoundModels } from './key.ts'

/** Null: bound to none, so it sees all. A deleted model drops out; what has none left sees nothing. */
export async function findBound(db: Db, ids: readonly string[] | null): Promise<BoundModels | null> {
  if (ids === null) return null
  const rows = await db
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(inArray(models.id, [...ids]))
    .orderBy(asc(models.name))
  return { ids: rows.map((row) => row.id), names: rows.map((row) => row.name) }
}
