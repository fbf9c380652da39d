// What a reviewer changes about self-edits, on the wire: one that is there, by its id, or one that is added.
import { z } from 'zod'

const editedSchema = z.strictObject({
  id: z.string(),
  prompt: z.string().optional(),
  completion: z.string().optional(),
  /** False drops it; true takes back one that was dropped. */
  kept: z.boolean().optional(),
})
const addedSchema = z.strictObject({
  prompt: z.string(),
  completion: z.string(),
  /** Needed only where the update has several documents. */
  document_id: z.string().optional(),
})

export const selfEditChangeSchema = z
  .union([editedSchema, addedSchema], {
    error:
      'must be {"id", "prompt"?, "completion"?, "kept"?} for one that is there, {"prompt", "completion"} for a new one',
  })
  .meta({
    id: 'SelfEditChange',
    description:
      'With `id`: new words for a self-edit, `kept: false` to drop it, `kept: true` to take back a dropped one. Without: ' +
      'one more pair to train (`document_id` where the update has several documents).',
  })
export type SelfEditChange = z.infer<typeof selfEditChangeSchema>
