// Deliveries as the wire shows them: in the log of an endpoint, and one with what came of each try.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import type { EventType } from './webhook.ts'
import type { deliveries, deliveryAttempts } from './webhooks.table.ts'

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const deliverySchema = z.object({
  object: z.literal('delivery'),
  id: z.string(),
  webhook_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int(),
  /** Null once delivered or given up. */
  next_attempt_at: z.number().int().nullable(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  delivered_at: z.number().int().nullable(),
  created_at: z.number().int(),
})
export type Delivery = z.infer<typeof deliverySchema>

const attemptSchema = z.object({
  /** From 1; a number is missing where the notifier ended in the middle of a try. */
  number: z.number().int(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  duration_ms: z.number().int(),
  created_at: z.number().int(),
})

export const deliveryWithLogSchema = deliverySchema.extend({
  /** What was, or is to be, sent as `data`, without its links. */
  data: z.record(z.string(), z.unknown()),
  log: z.array(attemptSchema),
})
export type DeliveryWithLog = z.infer<typeof deliveryWithLogSchema>

export function toDelivery(row: typeof deliveries.$inferSelect, type: EventType): Delivery {
  return {
    object: 'delivery',
    id: row.id,
    webhook_id: row.webhookId,
    event_id: row.eventId,
    event_type: type,
    state: row.state,
    attempts: row.attempts,
    next_attempt_at: row.nextAttemptAt && unixSeconds(row.nextAttemptAt),
    last_status: row.lastStatus,
    last_error: row.lastError,
    delivered_at: row.deliveredAt && unixSeconds(row.deliveredAt),
    created_at: unixSeconds(row.createdAt),
  }
}

export function toAttempt(row: typeof deliveryAttempts.$inferSelect): DeliveryWithLog['log'][number] {
  const { number, status, error, durationMs, createdAt } = row
  return { number, status, error, duration_ms: durationMs, created_at: unixSeconds(createdAt) }
}
