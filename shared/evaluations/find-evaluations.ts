// Reading back what was measured, to compare the next candidate with.
import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import type { EvaluationInput } from './evaluation.ts'
import { evaluationAnswers, evaluations } from './evaluations.table.ts'

/**
 * Document id -> the latest evaluation of that document on that version, or the first, which is the one that the version
 * was made with; documents never asked are absent.
 */
export async function findEvaluations(
  db: Db,
  modelId: string,
  version: number,
  which: 'latest' | 'first' = 'latest',
): Promise<Map<string, EvaluationInput & { correct: number; total: number }>> {
  const inTime = which === 'latest' ? desc : asc
  const rows = await db
    .selectDistinctOn([evaluations.documentId])
    .from(evaluations)
    .where(and(eq(evaluations.modelId, modelId), eq(evaluations.version, version)))
    .orderBy(evaluations.documentId, inTime(evaluations.createdAt), inTime(evaluations.id))
  if (rows.length === 0) return new Map()
  const ids = rows.map((row) => row.id)
  const answers = await db.select().from(evaluationAnswers).where(inArray(evaluationAnswers.evaluationId, ids))
  const byEvaluation = new Map(ids.map((id) => [id, [] as typeof answers]))
  for (const answer of answers) byEvaluation.get(answer.evaluationId)?.push(answer)
  return new Map(
    rows.map(({ id, documentId, correct, total, logprob }) => {
      const ofEvaluation = byEvaluation.get(id) ?? []
      return [documentId, { documentId, correct, total, logprob, answers: ofEvaluation.map(withoutEvaluation) }]
    }),
  )
}

function withoutEvaluation({ evaluationId: _, ...answer }: typeof evaluationAnswers.$inferSelect) {
  return answer
}
