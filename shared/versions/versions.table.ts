import { bigserial, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import { models } from '../models/models.table.ts'
import { updates } from '../updates/updates.table.ts'
import type { Manifest } from './manifest.ts'
import type { Verdict } from './verdict.ts'

/** What it is made of never changes; number 0 is the base. */
export const versions = pgTable(
  'versions',
  {
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    number: integer('number').notNull(),
    parent: integer('parent'),
    updateId: text('update_id').references(() => updates.id),
    /** Null for version 0. */
    manifest: jsonb('manifest').$type<Manifest>(),
    verdict: jsonb('verdict').$type<Verdict>(),
    /** Kept whatever the model's policy says. */
    pinned: boolean('pinned').notNull().default(false),
    /** It answers no more, and its adapters may be gone. */
    deletedAt: moment('deleted_at'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.number] }), index('versions_by_update').on(table.updateId)],
)

/** Every time a version became the head; each question reads those of the version that answers it. */
export const promotions = pgTable(
  'promotions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    version: integer('version').notNull(),
    reason: text('reason').$type<'created' | 'promoted' | 'rolled_back'>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('promotions_by_version').on(table.modelId, table.version)],
)
