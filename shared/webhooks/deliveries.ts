// Deliveries: claimed by the notifier, tried, and written down. A claim counts the attempt and moves the delivery
// into the future, so that a notifier that dies in the middle leaves it to be tried again, and two notifiers never
// try the same one at once. The attempt's number is the fence: who comes back too late writes nothing.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { retryDelaySeconds } from './retry-schedule.ts'
import type { Delivery, EventType } from './webhook.ts'
import { deliveries, outboxEvents, webhooks } from './webhooks.table.ts'

export interface ClaimedDelivery {
  id: string
  /** From 1, this one included. */
  attempt: number
  webhook: { id: string; url: string; /** The newest first; two for a day after a rotation. */ secrets: string[] }
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

/** What came of one try. */
export type Attempt =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'failed'; status: number | null; error: string; retryAfterSeconds?: number | undefined }
  /** The endpoint said that it is gone for good (410). */
  | { outcome: 'gone'; status: number; error: string }

/** Due deliveries of enabled endpoints, the longest due first. */
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
        webhook: { id: webhooks.id, url: webhooks.url },
        secret: webhooks.secret,
        previousSecret: sql<
          string | null
        >`case when ${webhooks.previousSecretExpiresAt} > now() then ${webhooks.previousSecret} end`,
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
    return rows.map(({ id, attempt, webhook, secret, previousSecret, event }) => {
      const secrets = previousSecret === null ? [secret] : [secret, previousSecret]
      return { id, attempt, webhook: { ...webhook, secrets }, event }
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
    where webhooks.enabled
    order by due.next_attempt_at
    limit ${limit}`)
  return rows.map((row) => row.id)
}

/** Settles one try. Does nothing when the delivery was claimed anew, or its endpoint removed, in the meantime. */
export async function recordAttempt(
  db: Db,
  { id, attempt, webhook }: ClaimedDelivery,
  result: Attempt,
  random: () => number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const gone = result.outcome === 'gone'
    // Before its deliveries: two that find it gone at once would else wait for each other.
    if (gone) await tx.select().from(webhooks).where(eq(webhooks.id, webhook.id)).for('no key update')
    const settled = await tx
      .update(deliveries)
      .set({ lastStatus: result.status, ...consequence(attempt, result, random) })
      .where(and(eq(deliveries.id, id), eq(deliveries.attempts, attempt), eq(deliveries.state, 'pending')))
      .returning({ id: deliveries.id })
    if (gone && settled.length > 0) await disableWebhook(tx, webhook.id, result.error)
  })
}

function consequence(attempt: number, result: Attempt, random: () => number) {
  switch (result.outcome) {
    case 'delivered':
      return { state: 'delivered' as const, lastError: null, nextAttemptAt: null, deliveredAt: sql`now()` }
    case 'gone':
      return { state: 'failed' as const, lastError: result.error, nextAttemptAt: null }
    case 'failed': {
      const delaySeconds = retryDelaySeconds(attempt, { retryAfterSeconds: result.retryAfterSeconds, random })
      if (delaySeconds === undefined) return { state: 'failed' as const, lastError: result.error, nextAttemptAt: null }
      return { lastError: result.error, nextAttemptAt: sql`now() + make_interval(secs => ${delaySeconds})` }
    }
  }
}

/** What waits for it is given up: it would never be taken. */
async function disableWebhook(tx: Db, webhookId: string, reason: string): Promise<void> {
  await tx.update(webhooks).set({ enabled: false, disabledReason: reason }).where(eq(webhooks.id, webhookId))
  await tx
    .update(deliveries)
    .set({ state: 'failed', lastError: reason, nextAttemptAt: null })
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending')))
}

/** Of one endpoint, newest first. Throws not_found when there is no such endpoint. */
export async function listDeliveries(
  db: Db,
  { webhookId, limit, after }: PageQuery & { webhookId: string },
): Promise<Page<Delivery>> {
  const [webhook] = await db.select({ id: webhooks.id }).from(webhooks).where(eq(webhooks.id, webhookId))
  if (!webhook) throw new AppError('not_found', `There is no webhook ${webhookId}.`)
  const rows = await db
    .select({ delivery: deliveries, type: outboxEvents.type })
    .from(deliveries)
    .innerJoin(outboxEvents, eq(outboxEvents.id, deliveries.eventId))
    .where(and(eq(deliveries.webhookId, webhookId), after === undefined ? undefined : lt(deliveries.id, after)))
    .orderBy(desc(deliveries.id)) // ids sort by time
    .limit(limit + 1)
  return toPage(
    rows.map(({ delivery, type }) => deliveryOf(delivery, type)),
    limit,
  )
}

function deliveryOf(row: typeof deliveries.$inferSelect, type: EventType): Delivery {
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
