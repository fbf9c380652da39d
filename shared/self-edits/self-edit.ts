// A self-edit: something the model wrote about a document in order to learn it.
export const SELF_EDIT_FORMATS = ['question_answer', 'rewrite', 'implication', 'cloze', 'restatement'] as const
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
