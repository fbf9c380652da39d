import { inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { documents } from './documents.table.ts'

/** Titles by id, of deleted documents too: what they caused or lost stays to be told. */
export async function listTitles(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const unique = [...new Set(ids)]
  if (unique.length === 0) return new Map()
  const rows = await db
    .select({ id: documents.id, title: documents.title })
    .from(documents)
    .where(inArray(documents.id, unique))
  return new Map(rows.map(({ id, title }) => [id, title]))
}
