import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import type { Scope } from './key.ts'

export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Of the secret, hex. A secret has 256 random bits, so that a plain hash cannot be searched backwards. */
  secretSha256: text('secret_sha256').notNull().unique(),
  /** The secret's first characters, for people to tell keys apart. */
  hint: text('hint').notNull(),
  scopes: text('scopes').array().$type<Scope[]>().notNull(),
  /** Ids, not names: a model made anew under a deleted one's name is another. Null: all models. */
  modelIds: text('model_ids').array(),
  /** Requests a minute; null: what the service allows. */
  ratePerMinute: integer('rate_per_minute'),
  createdAt: createdAt(),
  expiresAt: moment('expires_at'),
  /** By the minute. */
  lastUsedAt: moment('last_used_at'),
  /** A revoked key keeps its row, so that the audit log can name it. */
  revokedAt: moment('revoked_at'),
})
