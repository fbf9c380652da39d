// Evaluations as they are shown: each document's probes with what was answered, beside what should have been. They are
// read by the version that was asked or by the update that asked; a rejected candidate has only the latter.
import { and, asc, desc, eq, getTableColumns, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { unknownCursor } from '../database/get-cursor.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { probes } from '../probes/probes.table.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { evaluationAnswers, evaluations } from './evaluations.table.ts'

const evaluationAnswerSchema = z.object({
  probe_id: z.string(),
  question: z.string(),
  gold: z.string(),
  answer: z.string(),
  correct: z.boolean(),
  /** log p(gold | question), nats. */
  logprob: z.number(),
  graded_by: z.string(),
})

export const evaluationSchema = z.object({
  object: z.literal('evaluation'),
  id: z.string(),
  model: z.string(),
  update_id: z.string(),
  /** Null for a candidate that became no version. */
  version: z.number().int().nullable(),
  document_id: z.string(),
  correct: z.number().int(),
  total: z.number().int(),
  /** Mean over the answers, nats. */
  logprob: z.number(),
  answers: z.array(evaluationAnswerSchema),
  created_at: z.number().int(),
})
export type Evaluation = z.infer<typeof evaluationSchema>

type EvaluationRow = typeof evaluations.$inferSelect & { model: string }

/** By document id; of several measurements of a document the latest, as in the retention matrix. */
export async function listEvaluationsOfVersion(
  db: Db,
  of: { modelId: string; version: number; documentId?: string | undefined },
  query: PageQuery,
): Promise<Page<Evaluation>> {
  const rows = await db
    .selectDistinctOn([evaluations.documentId], { ...getTableColumns(evaluations), model: models.name })
    .from(evaluations)
    .innerJoin(models, eq(models.id, evaluations.modelId))
    .where(
      and(
        eq(evaluations.modelId, of.modelId),
        eq(evaluations.version, of.version),
        of.documentId === undefined ? undefined : eq(evaluations.documentId, of.documentId),
      ),
    )
    .orderBy(evaluations.documentId, desc(evaluations.createdAt), desc(evaluations.id))
  return await withAnswers(db, rows, query)
}

/** Of the base (version 0) and of the candidate, in the order they were stored. Empty until the update is decided. */
export async function listEvaluationsOfUpdate(db: Db, updateId: string, query: PageQuery): Promise<Page<Evaluation>> {
  const rows = await db
    .select({ ...getTableColumns(evaluations), model: models.name })
    .from(evaluations)
    .innerJoin(models, eq(models.id, evaluations.modelId))
    .where(eq(evaluations.updateId, updateId))
    .orderBy(asc(evaluations.createdAt), asc(evaluations.id))
  return await withAnswers(db, rows, query)
}

/** One page of them; answers are read for that page alone. Throws `invalid_request` when `after` is not in the list. */
async function withAnswers(db: Db, rows: EvaluationRow[], { limit, after }: PageQuery): Promise<Page<Evaluation>> {
  const start = after === undefined ? 0 : rows.findIndex(({ id }) => id === after) + 1
  if (after !== undefined && start === 0) throw unknownCursor(after)
  const page = toPage(rows.slice(start, start + limit + 1), limit)
  const answers = await listAnswers(
    db,
    page.data.map(({ id }) => id),
  )
  return { ...page, data: page.data.map((row) => toEvaluation(row, answers.get(row.id) ?? [])) }
}

async function listAnswers(db: Db, ids: readonly string[]): Promise<Map<string, Evaluation['answers']>> {
  const byEvaluation = new Map<string, Evaluation['answers']>(ids.map((id) => [id, []]))
  if (ids.length === 0) return byEvaluation
  const rows = await db
    .select({ answer: evaluationAnswers, question: probes.question, gold: probes.answer })
    .from(evaluationAnswers)
    .innerJoin(probes, eq(probes.id, evaluationAnswers.probeId))
    .where(inArray(evaluationAnswers.evaluationId, [...ids]))
    .orderBy(asc(probes.position), asc(probes.id))
  for (const { answer, question, gold } of rows) {
    const { probeId, correct, logprob, gradedBy } = answer
    const shown = { probe_id: probeId, question, gold, answer: answer.answer, correct, logprob, graded_by: gradedBy }
    byEvaluation.get(answer.evaluationId)?.push(shown)
  }
  return byEvaluation
}

function toEvaluation(row: EvaluationRow, answers: Evaluation['answers']): Evaluation {
  return {
    object: 'evaluation',
    id: row.id,
    model: row.model,
    update_id: row.updateId,
    version: row.version,
    document_id: row.documentId,
    correct: row.correct,
    total: row.total,
    logprob: row.logprob,
    answers,
    created_at: unixSeconds(row.createdAt),
  }
}
