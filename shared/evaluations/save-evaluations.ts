// Stores evaluations, in the transaction that promotes or rejects what they measured.
import type { Db } from '../database/database.ts'
import { newId } from '../ids.ts'
import { storableText } from '../storable-text.ts'
import { GRADED_BY_WORDS, type EvaluationInput } from './evaluation.ts'
import { evaluationAnswers, evaluations } from './evaluations.table.ts'

export interface SaveEvaluationsInput {
  update: { id: string; modelId: string }
  /** Null for a candidate that became no version. */
  version: number | null
  evaluations: readonly EvaluationInput[]
}

/** Rows of one insert; a statement takes at most 65,535 parameters and an answer has six. */
const rowsPerInsert = 5_000

export async function saveEvaluations(tx: Db, input: SaveEvaluationsInput): Promise<void> {
  const saved = input.evaluations.map((evaluation) => ({ id: newId('evl'), evaluation }))
  const rows = saved.map(({ id, evaluation }) => ({
    id,
    modelId: input.update.modelId,
    updateId: input.update.id,
    version: input.version,
    documentId: evaluation.documentId,
    correct: evaluation.answers.filter((answer) => answer.correct).length,
    total: evaluation.answers.length,
    logprob: evaluation.answers.length === 0 ? 0 : evaluation.logprob,
  }))
  for (const part of cut(rows)) await tx.insert(evaluations).values(part)
  const answers = saved.flatMap(({ id, evaluation }) =>
    evaluation.answers.map(({ probeId, answer, correct, logprob, gradedBy = GRADED_BY_WORDS }) => ({
      evaluationId: id,
      probeId,
      answer: storableText(answer),
      correct,
      logprob,
      gradedBy,
    })),
  )
  for (const part of cut(answers)) await tx.insert(evaluationAnswers).values(part)
}

function cut<Row>(rows: Row[]): Row[][] {
  const parts: Row[][] = []
  for (let start = 0; start < rows.length; start += rowsPerInsert) parts.push(rows.slice(start, start + rowsPerInsert))
  return parts
}
