// The outbox: an event and one delivery per endpoint that wants it, in the caller's transaction. What is committed
// will be sent; what is rolled back never was.
import { and, arrayOverlaps, eq, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { newId } from '../ids.ts'
import { models } from '../models/models.table.ts'
import { EVERY_EVENT, type WantedEvent } from './webhook.ts'
import { deliveries, outboxEvents, webhooks } from './webhooks.table.ts'

/**
 * `payload` is the `data` of the sent body, in the wire's snake_case; its model decides which endpoints are told. Returns
 * the event's id (`evt_...`), which is the `webhook-id` that all endpoints see. Must run in the transaction that makes
 * the event true.
 */
export async function writeOutbox(tx: Db, type: WantedEvent, payload: object): Promise<string> {
  const id = newId('evt')
  await tx.insert(outboxEvents).values({ id, type, payload: { ...payload } })
  const receivers = await tx
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.enabled, true), arrayOverlaps(webhooks.events, [type, EVERY_EVENT]), toldOf(payload)))
    // An endpoint deleted at this moment must not break the promotion by its foreign key: the deletion waits. Locked
    // in one order, so that two such transactions cannot wait for each other.
    .orderBy(webhooks.id)
    .for('key share')
  if (receivers.length === 0) return id
  await tx
    .insert(deliveries)
    .values(receivers.map((webhook) => ({ id: newId('dlv'), eventId: id, webhookId: webhook.id })))
  return id
}

/** An endpoint of a key that is bound to some models hears of these alone. */
function toldOf(payload: object): SQL {
  const model = 'model' in payload ? payload.model : null
  const id = sql`(select ${models.id} from ${models} where ${models.name} = ${model})`
  return sql`(${webhooks.modelIds} is null or ${id} = any(${webhooks.modelIds}))`
}
