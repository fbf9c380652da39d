import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { models } from '../models/models.table.ts'

/** Every move of an alias; the highest revision is where it points. Rows are only ever added. */
export const aliasMoves = pgTable(
  'alias_moves',
  {
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    alias: text('alias').notNull(),
    revision: integer('revision').notNull(),
    /** Null: the alias was taken away. */
    version: integer('version'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.alias, table.revision] })],
)
