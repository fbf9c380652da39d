// What the gate decided about a candidate, with its numbers; stored and returned as it is.
import { z } from 'zod'

export const verdictSchema = z.object({
  action: z.enum(['promote', 'clip', 'reject']),
  reason: z.string(),
  /** Old probes lost and won against the parent, and the exact one-sided McNemar p-value (null without old probes). */
  losses: z.number().int(),
  gains: z.number().int(),
  pValue: z.number().nullable(),
  regressed: z.boolean(),
  /** The factor on the adapter's scale that was promoted, 1 unless clipped. */
  scale: z.number(),
})
export type Verdict = z.infer<typeof verdictSchema>

/** On the wire. */
export const verdictBodySchema = z.object({
  action: z.enum(['promote', 'clip', 'reject']),
  reason: z.string(),
  losses: z.number().int(),
  gains: z.number().int(),
  p_value: z.number().nullable(),
  regressed: z.boolean(),
  scale: z.number(),
})
export type VerdictBody = z.infer<typeof verdictBodySchema>

export function toVerdictBody({ pValue, ...verdict }: Verdict): VerdictBody {
  return { ...verdict, p_value: pValue }
}
