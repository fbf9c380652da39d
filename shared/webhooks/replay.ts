// Sending again what was sent before: one delivery, or all since a moment. The message's id stays the same, so that a
// receiver that has it already can tell; the retry schedule starts anew.
import { and, eq, gte, inArray, sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { models } from '../models/models.table.ts'
import { getDelivery } from './deliveries.ts'
import type { DeliveryWithLog } from './delivery.ts'
import { EVENT_TYPES, EVERY_EVENT, type WantedEvent } from './webhook.ts'
import { deliveries, outboxEvents, webhooks } from './webhooks.table.ts'

export const replayInputSchema = z.object({
  /** Unix seconds: events from then on. */
  since: z.number().int().min(0).max(253_402_300_799), // the end of the year 9999
  /** `missed`: what the endpoint has not taken, and what happened while it was switched off. `all`: the rest too. */
  which: z.enum(['missed', 'all']).optional(),
})
export type ReplayInput = z.infer<typeof replayInputSchema>

export const replaySchema = z.object({
  object: z.literal('replay'),
  webhook_id: z.string(),
  since: z.number().int(),
  /** How many are to be sent. */
  deliveries: z.number().int(),
})
export type Replay = z.infer<typeof replaySchema>

const again = {
  state: 'pending' as const,
  nextAttemptAt: sql`now()`,
  replayedAfter: sql`${deliveries.attempts}`,
  deliveredAt: null,
}

/** At most so many at once: one statement writes them, and an endpoint takes hours for more. */
const replayMax = 10_000

/** Due at once, whatever its state. Throws not_found, and conflict when the endpoint is switched off. */
export async function replayDelivery(db: Db, webhookId: string, id: string): Promise<DeliveryWithLog> {
  await getDelivery(db, webhookId, id)
  await getEnabledTypes(db, webhookId)
  await db.update(deliveries).set(again).where(eq(deliveries.id, id))
  return await getDelivery(db, webhookId, id)
}

/**
 * Every event since then that the endpoint's filter takes. What waits is left to its schedule. Throws not_found,
 * conflict when the endpoint is switched off, and invalid_request for more than 10,000.
 */
export async function replaySince(db: Db, webhookId: string, { since, which }: ReplayInput): Promise<Replay> {
  return await db.transaction(async (tx) => {
    const types = await getEnabledTypes(tx, webhookId)
    const found = await tx
      .select({ eventId: outboxEvents.id, deliveryId: deliveries.id })
      .from(outboxEvents)
      .leftJoin(deliveries, and(eq(deliveries.eventId, outboxEvents.id), eq(deliveries.webhookId, webhookId)))
      .where(
        and(
          gte(outboxEvents.createdAt, new Date(since * 1000)),
          inArray(outboxEvents.type, types),
          ofItsModels(webhookId),
          which === 'all' ? sql`${deliveries.state} is distinct from 'pending'` : missed,
        ),
      )
      .orderBy(outboxEvents.id)
      .limit(replayMax + 1)
    if (found.length > replayMax)
      throw new AppError('invalid_request', `More than ${replayMax} events: take a later moment.`, { field: 'since' })
    const known = found.flatMap(({ deliveryId }) => deliveryId ?? [])
    if (known.length > 0) await tx.update(deliveries).set(again).where(inArray(deliveries.id, known))
    const unsent = found.filter(({ deliveryId }) => deliveryId === null)
    if (unsent.length > 0) {
      const rows = unsent.map(({ eventId }) => ({ id: newId('dlv'), eventId, webhookId }))
      await tx.insert(deliveries).values(rows).onConflictDoNothing()
    }
    return { object: 'replay', webhook_id: webhookId, since, deliveries: found.length }
  })
}

/** An endpoint of a key that is bound to some models hears of these alone, as in outbox.ts. */
function ofItsModels(webhookId: string): SQL {
  const bound = sql`(select ${webhooks.modelIds} from ${webhooks} where ${webhooks.id} = ${webhookId})`
  const id = sql`(select ${models.id} from ${models} where ${models.name} = ${outboxEvents.payload} ->> 'model')`
  return sql`(${bound} is null or array[${id}] <@ ${bound})`
}

const missed = sql`(${deliveries.state} is null or ${deliveries.state} = 'failed')`

/** The types of events that the endpoint asked for; its row stays while the transaction lasts. */
async function getEnabledTypes(tx: Db, webhookId: string): Promise<WantedEvent[]> {
  const [webhook] = await tx
    .select({ events: webhooks.events, enabled: webhooks.enabled })
    .from(webhooks)
    .where(eq(webhooks.id, webhookId))
    .for('key share')
  if (!webhook) throw new AppError('not_found', `There is no webhook ${webhookId}.`)
  if (!webhook.enabled)
    throw new AppError('conflict', 'The endpoint is switched off: enable it first, PATCH {"enabled": true}.')
  return EVENT_TYPES.filter((type) => webhook.events.includes(EVERY_EVENT) || webhook.events.includes(type))
}
