import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'

/** The answer given to a request with an `Idempotency-Key`; status null while it is in flight. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    key: text('key').primaryKey(),
    requestSha256: text('request_sha256').notNull(),
    status: integer('status'),
    headers: jsonb('headers').$type<Record<string, string>>(),
    body: jsonb('body').$type<unknown>(),
    createdAt: createdAt(),
  },
  // Each new key sweeps those that are over.
  (table) => [index('idempotency_keys_by_time').on(table.createdAt)],
)
