// Reading what was sent to an endpoint: the list, and one delivery with its tries.
import { and, asc, desc, eq, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { toAttempt, toDelivery, type Delivery, type DeliveryState, type DeliveryWithLog } from './delivery.ts'
import { deliveries, deliveryAttempts, outboxEvents, webhooks } from './webhooks.table.ts'

export interface DeliveriesQuery extends PageQuery {
  webhookId: string
  state?: DeliveryState | undefined
}

/** Of one endpoint, newest first. Throws not_found when there is no such endpoint. */
export async function listDeliveries(db: Db, query: DeliveriesQuery): Promise<Page<Delivery>> {
  const { webhookId, state, limit, after } = query
  const [webhook] = await db.select({ id: webhooks.id }).from(webhooks).where(eq(webhooks.id, webhookId))
  if (!webhook) throw new AppError('not_found', `There is no webhook ${webhookId}.`)
  const rows = await db
    .select({ delivery: deliveries, type: outboxEvents.type })
    .from(deliveries)
    .innerJoin(outboxEvents, eq(outboxEvents.id, deliveries.eventId))
    .where(
      and(
        eq(deliveries.webhookId, webhookId),
        state === undefined ? undefined : eq(deliveries.state, state),
        after === undefined
          ? undefined
          : lt(deliveries.id, await getCursor(db, { id: deliveries.id, column: deliveries.id }, after)),
      ),
    )
    .orderBy(desc(deliveries.id)) // ids sort by time
    .limit(limit + 1)
  return toPage(
    rows.map(({ delivery, type }) => toDelivery(delivery, type)),
    limit,
  )
}

/** Throws not_found, also for a delivery of another endpoint. */
export async function getDelivery(db: Db, webhookId: string, id: string): Promise<DeliveryWithLog> {
  const [row] = await db
    .select({ delivery: deliveries, event: outboxEvents })
    .from(deliveries)
    .innerJoin(outboxEvents, eq(outboxEvents.id, deliveries.eventId))
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.id, id)))
  if (!row) throw new AppError('not_found', `There is no delivery ${id} to ${webhookId}.`)
  const attempts = await db
    .select()
    .from(deliveryAttempts)
    .where(eq(deliveryAttempts.deliveryId, id))
    .orderBy(asc(deliveryAttempts.number))
  return { ...toDelivery(row.delivery, row.event.type), data: row.event.payload, log: attempts.map(toAttempt) }
}
