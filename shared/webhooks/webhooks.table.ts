import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import type { EventFilter, EventType } from './webhook.ts'

/** Where events are sent. The secret is kept as it is: signing needs it. */
export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  secret: text('secret').notNull(),
  events: text('events').array().$type<EventFilter[]>().notNull(),
  enabled: boolean('enabled').notNull().default(true),
  disabledReason: text('disabled_reason'),
  disabledAt: moment('disabled_at'),
  /** The first of the failures since anything was delivered. */
  failingSince: moment('failing_since'),
  /** It answered 429 or 503 with the time to wait; nothing is sent to it before. */
  heldUntil: moment('held_until'),
  /** The models it is told about, by id; null: all, those to come included. */
  modelIds: text('model_ids').array(),
  createdAt: createdAt(),
})

/** After a rotation deliveries carry the old signature too until this time, so that a receiver can change over. */
export const retiredSecrets = pgTable(
  'retired_secrets',
  {
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    secret: text('secret').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.webhookId, table.secret] })],
)

/** The outbox: written in the transaction that made it true, sent by the notifier. */
export const outboxEvents = pgTable(
  'outbox_events',
  {
    id: text('id').primaryKey(),
    type: text('type').$type<EventType>().notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('outbox_events_by_time').on(table.createdAt)],
)

/** One event to one endpoint; attempts until delivered or given up. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    eventId: text('event_id')
      .notNull()
      .references(() => outboxEvents.id, { onDelete: 'cascade' }),
    webhookId: text('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    state: text('state').$type<'pending' | 'delivered' | 'failed'>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** Attempts made before the last replay: the retry schedule starts anew behind them. */
    replayedAfter: integer('replayed_after').notNull().default(0),
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

/** What came of each try. One whose notifier died left none, and its number is missing. */
export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    deliveryId: text('delivery_id')
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    /** The endpoint's answer; null when there was none. */
    status: integer('status'),
    error: text('error'),
    durationMs: integer('duration_ms').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.number] })],
)
