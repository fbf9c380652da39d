import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import type { ModelSettings } from './settings.ts'

export const models = pgTable('models', {
  id: text('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** The frozen network underneath, as `BASE_MODEL` named it when the model was made. */
  base: text('base').notNull(),
  settings: jsonb('settings').$type<ModelSettings>().notNull(),
  /** Version 0 is the untouched base. */
  headVersion: integer('head_version').notNull().default(0),
  /** What writes its self-edits, see shared/practice/policies.ts; 0 is what came with the base. */
  policyNumber: integer('policy_number').notNull().default(0),
  createdAt: createdAt(),
})
