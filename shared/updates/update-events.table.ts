import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { updates } from './updates.table.ts'

/** What happened to an update, in order; the id is the `Last-Event-ID` of server-sent events. */
export const updateEvents = pgTable(
  'update_events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    updateId: text('update_id')
      .notNull()
      .references(() => updates.id),
    type: text('type').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('update_events_by_update').on(table.updateId, table.id)],
)
