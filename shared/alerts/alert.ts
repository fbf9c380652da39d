// A regression found by the monitor, with its evidence question by question.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { documentEvidenceSchema, type DocumentEvidence } from '../versions/retention-record.ts'
import type { alerts } from './alerts.table.ts'

const probeResultSchema = z.object({ answer: z.string(), correct: z.boolean(), logprob: z.number() })

export const alertEvidenceSchema = z.object({
  document_id: z.string(),
  probe_id: z.string(),
  question: z.string(),
  gold: z.string(),
  before: probeResultSchema,
  after: probeResultSchema,
})
export type AlertEvidence = z.infer<typeof alertEvidenceSchema>

export const alertSchema = z.object({
  object: z.literal('alert'),
  id: z.string(),
  model: z.string(),
  /** The update that caused it, the documents it brought, and the version it became all the same (null: rejected). */
  update_id: z.string(),
  document_ids: z.array(z.string()),
  version: z.number().int().nullable(),
  statistic: z.string(),
  p_value: z.number(),
  evidence: z.array(alertEvidenceSchema),
  /** By document: those that regressed and those that lost most. */
  documents: z.array(documentEvidenceSchema),
  /** Of those that regressed, the ones not yet found as they were; empty where the candidate was rejected. */
  open_document_ids: z.array(z.string()),
  created_at: z.number().int(),
})
export type Alert = z.infer<typeof alertSchema>

export function toAlert(
  row: typeof alerts.$inferSelect,
  context: { model: string; documentIds: string[]; documents: DocumentEvidence[] },
): Alert {
  return {
    object: 'alert',
    id: row.id,
    model: context.model,
    update_id: row.updateId,
    document_ids: context.documentIds,
    version: row.version,
    statistic: row.statistic,
    p_value: roundFigure(row.pValue),
    evidence: row.evidence.map(toEvidenceBody),
    documents: context.documents,
    open_document_ids: row.openDocumentIds,
    created_at: unixSeconds(row.createdAt),
  }
}

function toEvidenceBody({ before, after, ...question }: AlertEvidence): AlertEvidence {
  return {
    ...question,
    before: { ...before, logprob: roundFigure(before.logprob) },
    after: { ...after, logprob: roundFigure(after.logprob) },
  }
}
