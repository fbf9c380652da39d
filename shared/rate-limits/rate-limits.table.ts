import { pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from '../database/columns.ts'

/** A row for each key that ever called. */
export const rateLimits = pgTable('rate_limits', {
  caller: text('caller').primaryKey(),
  /** When its allowance is whole again; in the past for one that has been quiet. */
  fullAt: moment('full_at').notNull(),
})
