// An update: one change of one model, from queued to a verdict. States are the wire's states.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { toVerdictBody, verdictBodySchema } from '../versions/verdict.ts'
import type { updates } from './updates.table.ts'

export const UPDATE_STATES = [
  'queued',
  'studying',
  'awaiting_review',
  'training',
  'evaluating',
  'promoted',
  'rejected',
  'failed',
  'cancelled',
] as const
export type UpdateState = (typeof UPDATE_STATES)[number]

/** A worker holds a lease in these; a model has at most one such update. */
export const RUNNING_STATES = ['studying', 'training', 'evaluating'] as const satisfies readonly UpdateState[]
export type RunningState = (typeof RUNNING_STATES)[number]
export const FINAL_STATES = ['promoted', 'rejected', 'failed', 'cancelled'] as const satisfies readonly UpdateState[]
export type FinalState = (typeof FINAL_STATES)[number]

/**
 * `evaluate` changes nothing: promoted, it found the head as it was; rejected, it found knowledge lost. `forget` takes
 * deleted documents out. `practice` makes a policy and no version (shared/practice).
 */
export const UPDATE_KINDS = ['incorporate', 'consolidate', 'evaluate', 'forget', 'practice'] as const
export type UpdateKind = (typeof UPDATE_KINDS)[number]

/** Probes answered before and after, of `total` asked. */
export const tallySchema = z.object({
  before: z.number().int(),
  after: z.number().int(),
  total: z.number().int(),
})
export type Tally = z.infer<typeof tallySchema>

/** Probes of deleted documents, parent version against new version; the base's count says what was never learned from them. */
export const forgottenSchema = tallySchema.extend({ base: z.number().int().nullable() })
export type Forgotten = z.infer<typeof forgottenSchema>

export const updateSchema = z.object({
  object: z.literal('update'),
  id: z.string(),
  model: z.string(),
  document_ids: z.array(z.string()),
  kind: z.enum(UPDATE_KINDS),
  state: z.enum(UPDATE_STATES),
  /** `fraction` is of the whole update, 0 to 1. */
  progress: z.object({ phase: z.string(), fraction: z.number() }),
  /** The version it became, when promoted; of an evaluation, the version that was asked. */
  version: z.number().int().nullable(),
  verdict: verdictBodySchema.nullable(),
  /** Probes of the new documents, base against candidate. */
  learned: tallySchema.nullable(),
  /** Probes of the older documents, parent version against candidate. */
  retained: tallySchema.nullable(),
  /** Of a deletion: probes of its documents still answered. Null for other kinds, and where no version held them. */
  forgotten: forgottenSchema.nullable(),
  /** Per phase; study over all attempts. */
  timings_ms: z.record(z.string(), z.number()),
  /** Written in study, in the base's tokens, over all attempts. */
  generated_tokens: z.number().int(),
  /** Over all epochs. */
  trained_tokens: z.number().int(),
  /** The budget that they kept to; null where there is none, or before it is known. */
  trained_tokens_max: z.number().int().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  attempts: z.number().int(),
  cancel_requested: z.boolean(),
  created_at: z.number().int(),
  started_at: z.number().int().nullable(),
  finished_at: z.number().int().nullable(),
})
export type Update = z.infer<typeof updateSchema>

export type UpdateRow = typeof updates.$inferSelect

export function isFinal(state: UpdateState): state is FinalState {
  return FINAL_STATES.some((final) => final === state)
}

/** `model` is the model's name. */
export function toUpdate(row: UpdateRow, model: string): Update {
  return {
    object: 'update',
    id: row.id,
    model,
    document_ids: row.documentIds,
    kind: row.kind,
    state: row.state,
    progress: { phase: row.phase, fraction: roundFigure(row.fraction) },
    version: row.version,
    verdict: row.verdict === null ? null : toVerdictBody(row.verdict),
    learned: row.learned,
    retained: row.retained,
    forgotten: row.forgotten,
    timings_ms: row.timingsMs,
    generated_tokens: row.generatedTokens,
    trained_tokens: row.trainedTokens,
    trained_tokens_max: row.trainedTokensMax,
    error: row.error,
    attempts: row.attempts,
    cancel_requested: row.cancelRequestedAt !== null,
    created_at: unixSeconds(row.createdAt),
    started_at: row.startedAt === null ? null : unixSeconds(row.startedAt),
    finished_at: row.finishedAt === null ? null : unixSeconds(row.finishedAt),
  }
}
