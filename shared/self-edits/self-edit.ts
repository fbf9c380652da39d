// A self-edit: something written about a document in order to learn it, by the model itself or for it.
import { z } from 'zod'

export const SELF_EDIT_FORMATS = [
  'question_answer',
  'rewrite',
  'implication',
  'implication_long',
  'cloze',
  'restatement',
] as const
export type SelfEditFormat = (typeof SELF_EDIT_FORMATS)[number]

/**
 * Who wrote it: the base with its study adapter, a rule that uses the document's own words, the caller, a model outside, or
 * whoever reviewed it.
 */
export const SELF_EDIT_ORIGINS = ['model', 'text', 'given', 'generator', 'review'] as const
export type SelfEditOrigin = (typeof SELF_EDIT_ORIGINS)[number]

export interface SelfEdit {
  origin: SelfEditOrigin
  format: SelfEditFormat
  /** What the user's turn says in training (a question, an instruction). */
  prompt: string
  /** What the model shall say; the loss is taken here. */
  completion: string
  /** The part of the document it was written from, e.g. `passage` or `sentence 3`; `given 2` of what the caller sent. */
  source: string
  kept: boolean
  /** Held out of training to serve as a probe. */
  heldOut: boolean
  /** Why it was dropped; null when kept. */
  reason: string | null
}

export interface StoredSelfEdit extends SelfEdit {
  id: string
  updateId: string
  documentId: string
}

/** On the wire. */
export const selfEditSchema = z.object({
  object: z.literal('self_edit'),
  id: z.string(),
  document_id: z.string(),
  origin: z.enum(SELF_EDIT_ORIGINS),
  format: z.enum(SELF_EDIT_FORMATS),
  prompt: z.string(),
  completion: z.string(),
  source: z.string(),
  kept: z.boolean(),
  held_out: z.boolean(),
  reason: z.string().nullable(),
})
export type SelfEditBody = z.infer<typeof selfEditSchema>

export function toSelfEditBody(edit: StoredSelfEdit): SelfEditBody {
  const { id, documentId, origin, format, prompt, completion, source, kept, heldOut, reason } = edit
  return {
    object: 'self_edit',
    id,
    document_id: documentId,
    origin,
    format,
    prompt,
    completion,
    source,
    kept,
    held_out: heldOut,
    reason,
  }
}
