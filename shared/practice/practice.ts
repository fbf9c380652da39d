// A practice: rounds in which a model gets better at writing self-edits. It is an update in the queue (kind `practice`),
// with the update's states, lease, events and end; what is its own are the settings and the rounds. `promoted` means that a
// round made a policy, which from then on writes the self-edits of the model; the head and its answers stay as they are.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { UPDATE_STATES, updateSchema, type UpdateRow } from '../updates/update.ts'
import type { practices } from './practices.table.ts'
import { roundSchema, type Round } from './round.ts'

const REWARDS = ['likelihood', 'accuracy'] as const

const practiceSettingsSchema = z.strictObject({
  rounds: z.number().int().min(1).max(10).default(2),
  /** Self-edit sets written about each document. */
  candidates: z.number().int().min(2).max(8).default(5),
  /** `likelihood`: the change of the mean log p(answer | question); `accuracy`: SEAL's, whether more are answered. */
  reward: z.enum(REWARDS).default('likelihood'),
  /** Tries ways to study and train before it tries samples. */
  strategies: z.boolean().default(false),
  temperature: z.number().gt(0).max(2).default(0.9),
  top_p: z.number().gt(0).max(1).default(0.95),
})

export interface PracticeSettings {
  rounds: number
  candidates: number
  reward: (typeof REWARDS)[number]
  strategies: boolean
  temperature: number
  topP: number
}

const documentIds = z.array(z.string().max(64)).min(1).max(1_000)

export const practiceInputSchema = practiceSettingsSchema.extend({
  /** Of the model, with questions. */
  documents: documentIds.optional(),
  held_out_documents: documentIds.optional(),
})
export type PracticeInput = z.infer<typeof practiceInputSchema>

export const practiceSchema = z.object({
  object: z.literal('practice'),
  id: z.string(),
  model: z.string(),
  /** Its place in the queue. */
  update_id: z.string(),
  state: z.enum(UPDATE_STATES),
  progress: updateSchema.shape.progress,
  document_ids: z.array(z.string()),
  held_out_document_ids: z.array(z.string()),
  settings: z.object({
    rounds: z.number().int(),
    candidates: z.number().int(),
    reward: z.enum(REWARDS),
    strategies: z.boolean(),
    temperature: z.number(),
    top_p: z.number(),
  }),
  rounds: z.array(roundSchema),
  error: updateSchema.shape.error,
  cancel_requested: z.boolean(),
  created_at: z.number().int(),
  started_at: z.number().int().nullable(),
  finished_at: z.number().int().nullable(),
})
export type Practice = z.infer<typeof practiceSchema>

export type PracticeRow = typeof practices.$inferSelect

/** `model` is the model's name. */
export function toPractice(row: PracticeRow, update: UpdateRow, model: string, rounds: Round[]): Practice {
  const { topP, ...settings } = row.settings
  return {
    object: 'practice',
    id: row.id,
    model,
    update_id: update.id,
    state: update.state,
    progress: { phase: update.phase, fraction: roundFigure(update.fraction) },
    document_ids: row.documentIds,
    held_out_document_ids: row.heldOutIds,
    settings: { ...settings, top_p: topP },
    rounds,
    error: update.error,
    cancel_requested: update.cancelRequestedAt !== null,
    created_at: unixSeconds(row.createdAt),
    started_at: update.startedAt === null ? null : unixSeconds(update.startedAt),
    finished_at: update.finishedAt === null ? null : unixSeconds(update.finishedAt),
  }
}
