// A regression found by the monitor, with its evidence question by question; the same object on the wire, in the
// `retention.regressed` event and (its evidence) in the table.
import { z } from 'zod'

const answerSchema = z.object({ answer: z.string(), correct: z.boolean(), logprob: z.number() })

export const alertEvidenceSchema = z.object({
  /** The older document that the question asks about. */
  document_id: z.string(),
  probe_id: z.string(),
  question: z.string(),
  gold: z.string(),
  before: answerSchema,
  after: answerSchema,
})
export type AlertEvidence = z.infer<typeof alertEvidenceSchema>

export const alertSchema = z.object({
  object: z.literal('alert'),
  id: z.string(),
  model: z.string(),
  /** The update that caused it, and the documents it brought. */
  update_id: z.string(),
  document_ids: z.array(z.string()),
  /** The version it became when it was promoted all the same, null when it was rejected for this. */
  version: z.number().int().nullable(),
  /** Name of the test, for instance `mcnemar_exact_pooled`. */
  statistic: z.string(),
  p_value: z.number(),
  evidence: z.array(alertEvidenceSchema),
  created_at: z.number().int(),
})
export type Alert = z.infer<typeof alertSchema>
