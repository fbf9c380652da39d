import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import type { EventType } from './webhook.ts'

/** Where events are sent. The secret is kept as it is: signing needs it. */
export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  secret: text('secret').notNull(),
  /** After a rotation deliveries carry both signatures until this time, so that a receiver can change over. */
  previousSecret: text('previous_secret'),
  previousSecretExpiresAt: moment('previous_secret_expires_at'),
  events: text('events').$type<EventType>().array().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  disabledReason: text('disabled_reason'),
  createdAt: createdAt(),
})

/** The outbox: written in the transaction that made it true, sent by the notifier. */
export const outboxEvents = pgTable('outbox_events', {
  id: text('id').primaryKey(),
  type: text('type').$type<EventType>().notNull(),
  payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
  createdAt: createdAt(),
})

/** One event to one endpoint; attempts until delivered or given up. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    eventId: text('event_id')
      .notNull()
      .references(() => outboxEvents.id),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    state: text('state').$type<'pending' | 'delivered' | 'failed'>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** Null once delivered or given up; a claimed delivery is pushed into the future while it is tried. */
    nextAttemptAt: moment('next_attempt_at').defaultNow(),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    deliveredAt: moment('delivered_at'),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('deliveries_once_per_endpoint').on(table.eventId, table.webhookId),
    index('deliveries_due').on(table.webhookId, table.nextAttemptAt),
  ],
)
