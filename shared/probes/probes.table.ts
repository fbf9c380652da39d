import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import { documents } from '../documents/documents.table.ts'
import type { ProbeSource } from './probe.ts'

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
    source: text('source').$type<ProbeSource>().notNull(),
    createdAt: createdAt(),
    /** Replaced by a later study; kept because evaluations refer to it, asked no more. */
    retiredAt: moment('retired_at'),
  },
  (table) => [index('probes_by_document').on(table.documentId, table.position)],
)
