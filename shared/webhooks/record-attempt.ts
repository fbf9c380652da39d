// What came of a try is written down: for the delivery, for its log, and for the endpoint, which one success makes
// sound again, which may ask for patience, and which is switched off when it says that it is gone or has failed for
// days. The other endpoints are told of that: nobody reads a log.
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import type { ClaimedDelivery } from './claim-deliveries.ts'
import { writeOutbox } from './outbox.ts'
import { retryAfterSecondsMax, retryDelaySeconds } from './retry-schedule.ts'
import { deliveries, deliveryAttempts, webhooks } from './webhooks.table.ts'
import { showWebhook } from './webhooks.ts'

/** What came of one try. */
export type Attempt = (
  | { outcome: 'delivered'; status: number }
  | { outcome: 'failed'; status: number | null; error: string; retryAfterSeconds?: number | undefined }
  /** The endpoint said that it is gone for good (410). */
  | { outcome: 'gone'; status: number; error: string }
) & { durationMs?: number }

/** Longer than the retry schedule: by then the first delivery that failed has been given up. */
export const FAILING_DAYS_MAX = 5

/** Settles one try. Does nothing when the delivery was claimed anew, or its endpoint removed, in the meantime. */
export async function recordAttempt(
  db: Db,
  delivery: ClaimedDelivery,
  result: Attempt,
  random: () => number,
): Promise<void> {
  const { id, attempt, webhook, event } = delivery
  await db.transaction(async (tx) => {
    // Before its deliveries: two that find it gone at once would else wait for each other.
    const [endpoint] = await tx
      .select({ failing: webhooks.failingSince, tooLong: failedTooLong() })
      .from(webhooks)
      .where(eq(webhooks.id, webhook.id))
      .for('no key update')
    const settled = await tx
      .update(deliveries)
      .set({ lastStatus: result.status, ...consequence(delivery, result, random) })
      .where(and(eq(deliveries.id, id), eq(deliveries.attempts, attempt), eq(deliveries.state, 'pending')))
      .returning({ id: deliveries.id })
    if (endpoint === undefined || settled.length === 0) return
    const { status, durationMs = 0 } = result
    const error = result.outcome === 'delivered' ? null : result.error
    const duration = Math.round(durationMs)
    await tx.insert(deliveryAttempts).values({ deliveryId: id, number: attempt, status, error, durationMs: duration })
    if (result.outcome === 'gone') return await disableWebhook(tx, webhook.id, result.error)
    if (result.outcome === 'delivered') {
      if (endpoint.failing === null) return
      await tx.update(webhooks).set({ failingSince: null }).where(eq(webhooks.id, webhook.id))
      return
    }
    if (result.retryAfterSeconds !== undefined) await hold(tx, webhook.id, result.retryAfterSeconds)
    if (event.type === 'webhook.test') return // says nothing about the days before and after
    if (endpoint.tooLong) {
      return await disableWebhook(tx, webhook.id, `Nothing was delivered for ${FAILING_DAYS_MAX} days. ${result.error}`)
    }
    if (endpoint.failing === null)
      await tx
        .update(webhooks)
        .set({ failingSince: sql`now()` })
        .where(eq(webhooks.id, webhook.id))
  })
}

function failedTooLong() {
  return sql<boolean>`coalesce(${webhooks.failingSince} <= now() - make_interval(days => ${FAILING_DAYS_MAX}), false)`
}

function consequence({ attempt, replayedAfter, event }: ClaimedDelivery, result: Attempt, random: () => number) {
  switch (result.outcome) {
    case 'delivered':
      return { state: 'delivered' as const, lastError: null, nextAttemptAt: null, deliveredAt: sql`now()` }
    case 'gone':
      return { state: 'failed' as const, lastError: result.error, nextAttemptAt: null }
    case 'failed': {
      const { error, retryAfterSeconds } = result
      // Who asks for a test looks at what came of it, and asks again.
      const once = event.type === 'webhook.test'
      const delaySeconds = once ? undefined : retryDelaySeconds(attempt - replayedAfter, { retryAfterSeconds, random })
      if (delaySeconds === undefined) return { state: 'failed' as const, lastError: error, nextAttemptAt: null }
      return { lastError: error, nextAttemptAt: sql`now() + make_interval(secs => ${delaySeconds})` }
    }
  }
}

/** Nothing at all is sent to it for so long: what else waits would only hear the same. */
async function hold(tx: Db, webhookId: string, seconds: number): Promise<void> {
  const until = sql`now() + make_interval(secs => ${Math.min(seconds, retryAfterSecondsMax)})`
  await tx
    .update(webhooks)
    .set({ heldUntil: sql`greatest(${webhooks.heldUntil}, ${until})` })
    .where(eq(webhooks.id, webhookId))
}

/** What waits for it is given up, and can be replayed when it is back. */
async function disableWebhook(tx: Db, webhookId: string, reason: string): Promise<void> {
  const [row] = await tx
    .update(webhooks)
    .set({ enabled: false, disabledReason: reason, disabledAt: sql`now()` })
    .where(eq(webhooks.id, webhookId))
    .returning()
  await tx
    .update(deliveries)
    .set({ state: 'failed', lastError: reason, nextAttemptAt: null })
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending')))
  if (row !== undefined) await writeOutbox(tx, 'webhook.disabled', await showWebhook(tx, row))
}
