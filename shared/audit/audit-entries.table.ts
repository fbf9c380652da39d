import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'

/** What changed a model, or who may. Written before the change, so that none can happen without a trace. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: text('id').primaryKey(),
    /** A call's method and route, or what the service did by itself, e.g. `version.promoted`. */
    action: text('action').notNull(),
    /** The path of a call; null for what the service did. */
    path: text('path'),
    /** The key that called; null for what the service did. */
    keyId: text('key_id'),
    keyName: text('key_name'),
    requestId: text('request_id'),
    updateId: text('update_id'),
    /** The models it is about, as they were named then and by id; null: it concerns all. */
    modelIds: text('model_ids').array(),
    models: text('models').array(),
    /** What was asked for, without texts and secrets. */
    input: jsonb('input').$type<Record<string, unknown>>().notNull(),
    /** Of the answer. Null while it is under way, and for good where the process died meanwhile: it may have happened. */
    status: integer('status'),
    createdAt: createdAt(),
  },
  (table) => [index('audit_entries_by_model').using('gin', table.modelIds)],
)
