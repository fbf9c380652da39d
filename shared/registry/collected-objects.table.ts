import { bigint, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'

/** Objects that garbage collection takes, or took, from the store (collect-garbage.ts). */
export const collectedObjects = pgTable('collected_objects', {
  key: text('key').primaryKey(),
  /** The last lease token given out when the object was gone; null while it is being taken. */
  fence: bigint('fence', { mode: 'number' }),
  /** When it was condemned last. */
  createdAt: createdAt(),
})
