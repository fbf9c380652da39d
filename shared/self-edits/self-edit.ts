// A self-edit: something the model wrote about a document in order to learn it.
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

export interface SelfEdit {
  format: SelfEditFormat
  /** What the user's turn says in training (a question, an instruction). */
  prompt: string
  /** What the model shall say; the loss is taken here. */
  completion: string
  /** The part of the document it was written from, e.g. `passage` or `sentence 3`. */
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
  const { id, documentId, format, prompt, completion, source, kept, heldOut, reason } = edit
  return {
    object: 'self_edit',
    id,
    document_id: documentId,
    format,
    prompt,
    completion,
    source,
    kept,
    held_out: heldOut,
    reason,
  }
}
