// A document on the wire. Its state is that of its latest update: a document itself never changes.
import { z } from 'zod'
import { GIVEN_SELF_EDITS_MAX, givenSelfEditSchema, STUDY_MODES } from '../self-edits/given-self-edit.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { UPDATE_STATES, type UpdateState } from '../updates/update.ts'
import type { documents } from './documents.table.ts'

export const questionSchema = z.object({ question: z.string(), answer: z.string() })
export type Question = z.infer<typeof questionSchema>

/** The body of `POST /v1/documents`; what the text must be like is checked by validate-text.ts. */
export const createDocumentSchema = z.object({
  title: z.string(),
  text: z.string(),
  model: z.string().default('default'),
  /** Asked after every update to see what is known; never trained on. */
  questions: z.array(questionSchema).max(200).optional(),
  self_edits: z.array(givenSelfEditSchema).max(GIVEN_SELF_EDITS_MAX).optional().meta({
    description:
      'Synthetic training data about the text, written elsewhere. One that asks what `questions` ask is not trained on.',
  }),
  study: z
    .enum(STUDY_MODES)
    .optional()
    .meta({
      description:
        'What is trained: what the model writes itself (`own`), `self_edits` alone (`given`), or both, which is the default ' +
        'where `self_edits` are sent.',
    }),
  review: z
    .boolean()
    .default(false)
    .meta({
      description:
        'Stop before training, in the state `awaiting_review`: self-edits can be changed and dropped, then approved by ' +
        '`POST /v1/updates/ID/approve`. Later updates of the model go on meanwhile.',
    }),
})

export const documentSchema = z.object({
  object: z.literal('document'),
  id: z.string(),
  model: z.string(),
  title: z.string(),
  sha256: z.string(),
  state: z.enum(UPDATE_STATES),
  update_id: z.string(),
  created_at: z.number().int(),
})
export type Document = z.infer<typeof documentSchema>

/** One document alone comes with its text. */
export const documentWithTextSchema = documentSchema.extend({
  text: z.string(),
  questions: z.array(questionSchema),
  study: z.enum(STUDY_MODES),
  self_edits: z.array(givenSelfEditSchema),
})
export type DocumentWithText = z.infer<typeof documentWithTextSchema>

export type DocumentRow = typeof documents.$inferSelect
export interface DocumentContext {
  model: string
  latestUpdate: { id: string; state: UpdateState }
}

/** What a document shows without its text, which may be long. */
export type DocumentHead = Pick<DocumentRow, 'id' | 'title' | 'sha256' | 'createdAt'>

export function toDocument(row: DocumentHead, context: DocumentContext): Document {
  return {
    object: 'document',
    id: row.id,
    model: context.model,
    title: row.title,
    sha256: row.sha256,
    state: context.latestUpdate.state,
    update_id: context.latestUpdate.id,
    created_at: unixSeconds(row.createdAt),
  }
}
