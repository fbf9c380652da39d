// What was measured on the way to a version: the evaluations of its ancestors, to follow a document over updates.
import { eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { versions } from '../versions/versions.table.ts'
import type { EvaluationInput } from './evaluation.ts'
import { findEvaluations } from './find-evaluations.ts'

/** So far back an e-process looks: its evidence of an older loss has been told by then. */
const VERSIONS_MAX = 30

/** The evaluations of the version and of its ancestors without the base, the oldest first. */
export async function findLineage(db: Db, modelId: string, version: number): Promise<EvaluationInput[][]> {
  const rows = await db
    .select({ number: versions.number, parent: versions.parent })
    .from(versions)
    .where(eq(versions.modelId, modelId))
  const parents = new Map(rows.map(({ number, parent }) => [number, parent ?? 0]))
  const lineage: number[] = []
  for (let at = version; at > 0 && lineage.length < VERSIONS_MAX; at = parents.get(at) ?? 0) lineage.unshift(at)
  const found: EvaluationInput[][] = []
  for (const number of lineage) found.push([...(await findEvaluations(db, modelId, number)).values()])
  return found
}
