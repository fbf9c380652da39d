import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { documents } from '../documents/documents.table.ts'

/** A question that is asked again after every update; never trained on. */
export const probes = pgTable(
  'probes',
  {
    id: text('id').primaryKey(),
    documentId: text('document_id')
      .notNull()
      .references(() => documents.id),
    position: integer('position').notNull(),
    question: text('question').notNull(),
    answer: text('answer').notNull(),
    source: text('source').$type<'caller' | 'self_made'>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('probes_by_document').on(table.documentId, table.position)],
)
