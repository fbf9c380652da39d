import { boolean, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { documents } from '../documents/documents.table.ts'
import { updates } from '../updates/updates.table.ts'
import type { SelfEditFormat, SelfEditOrigin } from './self-edit.ts'

export const selfEdits = pgTable(
  'self_edits',
  {
    id: text('id').primaryKey(),
    updateId: text('update_id')
      .notNull()
      .references(() => updates.id),
    documentId: text('document_id')
      .notNull()
      .references(() => documents.id),
    position: integer('position').notNull(),
    origin: text('origin').$type<SelfEditOrigin>().notNull().default('model'),
    format: text('format').$type<SelfEditFormat>().notNull(),
    prompt: text('prompt').notNull(),
    completion: text('completion').notNull(),
    source: text('source').notNull(),
    kept: boolean('kept').notNull(),
    heldOut: boolean('held_out').notNull(),
    reason: text('reason'),
    createdAt: createdAt(),
  },
  (table) => [
    index('self_edits_by_update').on(table.updateId, table.position),
    index('self_edits_by_document').on(table.documentId, table.position),
  ],
)
