// Columns that every table writes the same way.
import { timestamp } from 'drizzle-orm/pg-core'

/** A point in time by the database's clock. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
export const createdAt = () => moment('created_at').notNull().defaultNow()
