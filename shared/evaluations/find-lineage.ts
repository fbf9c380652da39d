// What was measured on the way to a version: the evaluations of its ancestors, to follow a document over updates.
import type { Db } from '../database/database.ts'
import { listAncestors } from '../versions/list-ancestors.ts'
import type { EvaluationInput } from './evaluation.ts'
import { findEvaluations } from './find-evaluations.ts'

/** So far back an e-process looks: its evidence of an older loss has been told by then. */
const VERSIONS_MAX = 30

/** The evaluations of the version and of its ancestors without the base, the oldest first. */
export async function findLineage(db: Db, modelId: string, version: number): Promise<EvaluationInput[][]> {
  const taught = (await listAncestors(db, modelId, version)).filter((number) => number > 0)
  const found: EvaluationInput[][] = []
  for (const number of taught.slice(0, VERSIONS_MAX).reverse())
    found.push([...(await findEvaluations(db, modelId, number)).values()])
  return found
}
