// What the gate decided about a candidate, with its numbers; stored as it is, returned with its figures rounded.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { retentionRecordBodySchema, retentionRecordSchema, toRetentionRecordBody } from './retention-record.ts'

/** Null: not measured or, in a budget, not limited. */
const forgettingSchema = z.object({
  /** Share of the older questions that the candidate answers right less often than its parent. */
  accuracyDrop: z.number().nullable(),
  /** Bits a token by which the older questions' right answers became less likely than under the parent. */
  bitsPerToken: z.number().nullable(),
  /** KL(base || candidate) on general prompts, bits a token. */
  klBits: z.number().nullable(),
})
export type Forgetting = z.infer<typeof forgettingSchema>

/** What verdicts from before these were measured say. */
const unmeasured: Forgetting = { accuracyDrop: null, bitsPerToken: null, klBits: null }

export const verdictSchema = z.object({
  action: z.enum(['promote', 'clip', 'reject']),
  reason: z.string(),
  /**
   * Old probes lost and won against the parent, and the exact one-sided McNemar p-value (null without old probes), for
   * comparison: what decides is `retention`.
   */
  losses: z.number().int(),
  gains: z.number().int(),
  pValue: z.number().nullable(),
  regressed: z.boolean(),
  /** What the candidate forgot at this scale, and what the model's gate allowed. */
  forgetting: forgettingSchema.default(unmeasured),
  budget: forgettingSchema.default(unmeasured),
  /** The factor on the adapter's scale that was promoted, 1 unless clipped. */
  scale: z.number(),
  /** What the monitor found about older documents; `regressed` is its word. Null in verdicts from before it was kept. */
  retention: retentionRecordSchema.nullable().default(null),
})
export type Verdict = z.infer<typeof verdictSchema>

const forgettingBodySchema = z.object({
  accuracy_drop: z.number().nullable(),
  bits_per_token: z.number().nullable(),
  kl_bits: z.number().nullable(),
})

/** On the wire. */
export const verdictBodySchema = z.object({
  action: z.enum(['promote', 'clip', 'reject']),
  reason: z.string(),
  losses: z.number().int(),
  gains: z.number().int(),
  p_value: z.number().nullable(),
  regressed: z.boolean(),
  forgetting: forgettingBodySchema,
  budget: forgettingBodySchema,
  scale: z.number(),
  retention: retentionRecordBodySchema.nullable(),
})
export type VerdictBody = z.infer<typeof verdictBodySchema>

/** Parsed, because a stored one may be from before the newest fields. */
export function toVerdictBody(stored: z.input<typeof verdictSchema>): VerdictBody {
  const { pValue, ...verdict } = verdictSchema.parse(stored)
  return {
    ...verdict,
    p_value: roundFigure(pValue),
    forgetting: toForgettingBody(verdict.forgetting),
    budget: toForgettingBody(verdict.budget),
    retention: verdict.retention === null ? null : toRetentionRecordBody(verdict.retention),
  }
}

function toForgettingBody({ accuracyDrop, bitsPerToken, klBits }: Forgetting): z.infer<typeof forgettingBodySchema> {
  return {
    accuracy_drop: roundFigure(accuracyDrop),
    bits_per_token: roundFigure(bitsPerToken),
    kl_bits: roundFigure(klBits),
  }
}
