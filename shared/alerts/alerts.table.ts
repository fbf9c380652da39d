import { sql } from 'drizzle-orm'
import { doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { models } from '../models/models.table.ts'
import { updates } from '../updates/updates.table.ts'
import type { AlertEvidence } from './alert.ts'

export const alerts = pgTable(
  'alerts',
  {
    id: text('id').primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** The update that caused it and, when it was promoted all the same, its version. */
    updateId: text('update_id')
      .notNull()
      .references(() => updates.id),
    version: integer('version'),
    statistic: text('statistic').notNull(),
    pValue: doublePrecision('p_value').notNull(),
    evidence: jsonb('evidence').$type<AlertEvidence[]>().notNull(),
    /** Of the documents that it has watched (toWatch), those not found as they were since. */
    openDocumentIds: text('open_document_ids')
      .array()
      .notNull()
      .default(sql`'{}'`),
    createdAt: createdAt(),
  },
  (table) => [
    index('alerts_by_model').on(table.modelId, table.createdAt),
    index('alerts_by_update').on(table.updateId),
  ],
)
