import { bigserial, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'

/** Training files of OpenAI's clients; the bytes lie in the object store. */
export const files = pgTable('files', {
  id: text('id').primaryKey(),
  sequence: bigserial('sequence', { mode: 'number' }).notNull(),
  filename: text('filename').notNull(),
  bytes: integer('bytes').notNull(),
  /** Of the bytes, hex; what is read back is checked against it. */
  sha256: text('sha256').notNull(),
  /** The models of the key that sent it, by id; null: it is seen by keys for all models alone. */
  modelIds: text('model_ids').array(),
  createdAt: createdAt(),
})
