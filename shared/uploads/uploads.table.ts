import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import { models } from '../models/models.table.ts'

/** A file that its sender puts into the object store itself. */
export const uploads = pgTable(
  'uploads',
  {
    id: text('id').primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    filename: text('filename').notNull(),
    mediaType: text('media_type').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
    /** When its documents were taken; the object is gone since. */
    completedAt: moment('completed_at'),
  },
  (table) => [index('uploads_by_model').on(table.modelId)],
)
