import { eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { versions } from './versions.table.ts'

/** The version and those it was made from, itself first, the base last. */
export async function listAncestors(db: Db, modelId: string, version: number): Promise<number[]> {
  const rows = await db
    .select({ number: versions.number, parent: versions.parent })
    .from(versions)
    .where(eq(versions.modelId, modelId))
  const parents = new Map(rows.map(({ number, parent }) => [number, parent]))
  const ancestors: number[] = []
  for (let at: number | null = version; at !== null; at = parents.get(at) ?? null) ancestors.push(at)
  return ancestors
}
