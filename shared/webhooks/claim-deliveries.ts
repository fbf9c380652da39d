// The notifier's claim. It counts the attempt and moves the delivery into the future, so that a notifier that dies in
// the middle leaves it to be tried again, and two notifiers never try the same one at once. The attempt's number is
// the fence: who comes back too late writes nothing (record-attempt.ts).
import { eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import type { EventType } from './webhook.ts'
import { deliveries, outboxEvents, retiredSecrets, webhooks } from './webhooks.table.ts'

export interface ClaimedDelivery {
  id: string
  /** From 1, this one included. */
  attempt: number
  /** How many of them were made before the last replay; the retry schedule starts behind them. */
  replayedAfter: number
  webhook: {
    id: string
    url: string
    /** The newest first; more than one for a day after a rotation. */ secrets: string[]
  }
  event: { id: string; type: EventType; createdAt: Date; payload: Record<string, unknown> }
}

export interface ClaimOptions {
  limit: number
  /** How many of one endpoint at once, those under way included, so that a slow one cannot hold up the others. */
  limitPerWebhook: number
  /** Longer than a try can last. */
  leaseSeconds: number
  /** What this notifier has under way, by webhook. */
  underWay: ReadonlyMap<string, number>
}

/** Due deliveries of enabled endpoints that did not ask for patience, the longest due first. */
export async function claimDeliveries(db: Db, options: ClaimOptions): Promise<ClaimedDelivery[]> {
  return db.transaction(async (tx) => {
    const ids = await lockDue(tx, options)
    if (ids.length === 0) return []
    await tx
      .update(deliveries)
      .set({
        attempts: sql`${deliveries.attempts} + 1`,
        nextAttemptAt: sql`now() + make_interval(secs => ${options.leaseSeconds})`,
      })
      .where(inArray(deliveries.id, ids))
    const rows = await tx
      .select({
        id: deliveries.id,
        attempt: deliveries.attempts,
        replayedAfter: deliveries.replayedAfter,
        webhook: { id: webhooks.id, url: webhooks.url },
        secret: webhooks.secret,
        retired: sql<string[]>`array(
          select ${retiredSecrets.secret} from ${retiredSecrets}
          where ${retiredSecrets.webhookId} = ${webhooks.id} and ${retiredSecrets.expiresAt} > now()
          order by ${retiredSecrets.expiresAt} desc)`,
        event: {
          id: outboxEvents.id,
          type: outboxEvents.type,
          createdAt: outboxEvents.createdAt,
          payload: outboxEvents.payload,
        },
      })
      .from(deliveries)
      .innerJoin(webhooks, eq(webhooks.id, deliveries.webhookId))
      .innerJoin(outboxEvents, eq(outboxEvents.id, deliveries.eventId))
      .where(inArray(deliveries.id, ids))
      .orderBy(deliveries.id)
    return rows.map(({ webhook, secret, retired, ...delivery }) => {
      return { ...delivery, webhook: { ...webhook, secrets: [secret, ...retired] } }
    })
  })
}

/** A statement of its own: inside the update the planner may run it twice, and claim more than asked for. */
async function lockDue(tx: Db, { limit, limitPerWebhook, underWay }: ClaimOptions): Promise<string[]> {
  const busy = JSON.stringify(Object.fromEntries(underWay))
  const { rows } = await tx.execute<{ id: string }>(sql`
    select due.id from webhooks
    cross join lateral (
      select id, next_attempt_at from deliveries
      where webhook_id = webhooks.id and state = 'pending' and next_attempt_at <= now()
      order by next_attempt_at
      limit greatest(0, ${limitPerWebhook}::int - coalesce((${busy}::jsonb ->> webhooks.id)::int, 0))
      for update skip locked
    ) due
    where webhooks.enabled and (webhooks.held_until is null or webhooks.held_until <= now())
    order by due.next_attempt_at
    limit ${limit}`)
  return rows.map((row) => row.id)
}
