// A message that means nothing, for trying an endpoint out: sent whatever the endpoint's filter is, and tried once.
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { getDelivery } from './deliveries.ts'
import type { DeliveryWithLog } from './delivery.ts'
import { deliveries, outboxEvents } from './webhooks.table.ts'
import { getWebhook } from './webhooks.ts'

/** The delivery that tells what comes of it. Throws not_found, and conflict when the endpoint is switched off. */
export async function sendTestEvent(db: Db, webhookId: string): Promise<DeliveryWithLog> {
  return await db.transaction(async (tx) => {
    const { enabled } = await getWebhook(tx, webhookId)
    if (!enabled)
      throw new AppError('conflict', 'The endpoint is switched off: enable it first, PATCH {"enabled": true}.')
    const event = {
      id: newId('evt'),
      type: 'webhook.test' as const,
      payload: { object: 'test', webhook_id: webhookId, message: 'Nothing happened; this message was asked for.' },
    }
    await tx.insert(outboxEvents).values(event)
    const delivery = { id: newId('dlv'), eventId: event.id, webhookId }
    await tx.insert(deliveries).values(delivery)
    return await getDelivery(tx, webhookId, delivery.id)
  })
}
