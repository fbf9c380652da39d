// A regression found by the monitor, with its evidence question by question.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { UPDATE_KINDS, type UpdateKind } from '../updates/update.ts'
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
  /** The same cause to read: no document where nothing was taught, as when a version is measured again. */
  culprit: z.object({
    update_id: z.string(),
    kind: z.enum(UPDATE_KINDS),
    documents: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
  statistic: z.string(),
  p_value: z.number(),
  evidence: z.array(alertEvidenceSchema),
  /** A webhook carries the fifty questions that lost most; here are all. */
  evidence_total: z.number().int(),
  /** By document: those that regressed and those that lost most. */
  documents: z.array(documentEvidenceSchema.extend({ title: z.string().nullable() })),
  /**
   * Not yet found as they were: of those that regressed, or, where none is named, of those that lost. Empty where the
   * candidate was rejected.
   */
  open_document_ids: z.array(z.string()),
  created_at: z.number().int(),
})
export type Alert = z.infer<typeof alertSchema>

export interface AlertContext {
  model: string
  kind: UpdateKind
  documentIds: string[]
  documents: DocumentEvidence[]
  /** Of documents, by id, deleted ones too. */
  titles: ReadonlyMap<string, string>
}

export function toAlert(row: typeof alerts.$inferSelect, context: AlertContext): Alert {
  const { model, kind, documentIds, documents, titles } = context
  const culprits = documentIds.map((id) => ({ id, title: titles.get(id) ?? '' }))
  return {
    object: 'alert',
    id: row.id,
    model,
    update_id: row.updateId,
    document_ids: documentIds,
    version: row.version,
    culprit: { update_id: row.updateId, kind, documents: culprits },
    statistic: row.statistic,
    p_value: roundFigure(row.pValue),
    evidence: row.evidence.map(toEvidenceBody),
    evidence_total: row.evidence.length,
    documents: documents.map((document) => ({ ...document, title: titles.get(document.document_id) ?? null })),
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
