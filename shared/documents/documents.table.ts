import { sql } from 'drizzle-orm'
import { bigserial, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import { models } from '../models/models.table.ts'
import type { GivenStudy } from '../self-edits/given-self-edit.ts'

export const documents = pgTable(
  'documents',
  {
    id: text('id').primaryKey(),
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    title: text('title').notNull(),
    text: text('text').notNull(),
    /** Of the text's UTF-8 bytes, hex. */
    sha256: text('sha256').notNull(),
    /** The caller's questions, the document's probes when given. */
    questions: jsonb('questions').$type<{ question: string; answer: string }[]>(),
    /** Self-edits that the caller gave; null where the model shall write its own alone. */
    study: jsonb('study').$type<GivenStudy>(),
    createdAt: createdAt(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    uniqueIndex('documents_one_text_per_model')
      .on(table.modelId, table.sha256)
      .where(sql`${table.deletedAt} is null`),
    index('documents_by_sequence').on(table.modelId, table.sequence),
    // Lists over all models, newest first.
    index('documents_newest').on(table.sequence),
  ],
)
