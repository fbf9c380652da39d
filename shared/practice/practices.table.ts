import { bigserial, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { models } from '../models/models.table.ts'
import type { StoredAdapter } from '../registry/adapters.ts'
import { updates } from '../updates/updates.table.ts'
import type { PracticeSettings } from './practice.ts'
import type { RoundResult } from './round.ts'

export const practices = pgTable(
  'practices',
  {
    id: text('id').primaryKey(),
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    updateId: text('update_id')
      .notNull()
      .unique()
      .references(() => updates.id),
    documentIds: text('document_ids').array().notNull(),
    heldOutIds: text('held_out_ids').array().notNull(),
    settings: jsonb('settings').$type<PracticeSettings>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('practices_by_sequence').on(table.modelId, table.sequence)],
)

/** A policy as a round promoted it: an adapter in the object store, and the base that it belongs to. */
export type Policy = StoredAdapter & { baseSha256: string }

export const practiceRounds = pgTable(
  'practice_rounds',
  {
    practiceId: text('practice_id')
      .notNull()
      .references(() => practices.id),
    number: integer('number').notNull(),
    /** Null while it runs. */
    result: jsonb('result').$type<RoundResult>(),
    /** Null unless it was promoted. */
    policy: jsonb('policy').$type<Policy>(),
    /** Counts the promoted policies of the model from 1; null unless it was promoted. */
    policyNumber: integer('policy_number'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.practiceId, table.number] })],
)

/** What was done already: the results of steps, by name, for an attempt after this one. */
export const practiceSteps = pgTable(
  'practice_steps',
  {
    practiceId: text('practice_id')
      .notNull()
      .references(() => practices.id),
    name: text('name').notNull(),
    result: jsonb('result').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.practiceId, table.name] })],
)
