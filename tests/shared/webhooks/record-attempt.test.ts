// What a try does to the endpoint: patience, being switched off after days, and the log.
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { claimDeliveries, type ClaimedDelivery } from '../../../shared/webhooks/claim-deliveries.ts'
import { getDelivery, listDeliveries } from '../../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { FAILING_DAYS_MAX, recordAttempt, type Attempt } from '../../../shared/webhooks/record-attempt.ts'
import { sendTestEvent } from '../../../shared/webhooks/send-test-event.ts'
import type { WantedEvent, WebhookWithSecret } from '../../../shared/webhooks/webhook.ts'
import { createWebhook, getWebhook, updateWebhook } from '../../../shared/webhooks/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts'
import { passTime } from '../../support/webhooks.ts'

let own: TestDatabase
let database: Database
let db: Database['query']
beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase(own.url)
  db = database.query
})
beforeEach(() => db.execute(sql`truncate webhooks, outbox_events cascade`))
afterAll(async () => {
  await database.close()
  await own.drop()
})

const policy = { allowPrivate: false }
const day = 86_400
const failed: Attempt = { outcome: 'failed', status: 500, error: 'The endpoint answered 500', durationMs: 12.4 }
const delivered: Attempt = { outcome: 'delivered', status: 204, durationMs: 8 }

function createEndpoint(name: string, events?: WantedEvent[]): Promise<WebhookWithSecret> {
  return createWebhook(db, { url: `https://example.com/${name}`, ...(events ? { events } : {}) }, policy)
}

function claim(): Promise<ClaimedDelivery[]> {
  return claimDeliveries(db, { limit: 100, limitPerWebhook: 100, leaseSeconds: 60, underWay: new Map() })
}

async function settleAll(result: Attempt): Promise<number> {
  const claimed = await claim()
  for (const delivery of claimed) await recordAttempt(db, delivery, result, () => 0)
  return claimed.length
}

test('the log keeps what came of each try; the one that a dead notifier made is missing', async () => {
  const endpoint = await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', { object: 'update', id: 'upd_1' })
  expect(await settleAll(failed)).toBe(1)
  await passTime(db, 6)
  expect(await claim()).toHaveLength(1) // and dies
  await passTime(db, 61)
  expect(await settleAll(delivered)).toBe(1)
  const [listed] = (await listDeliveries(db, { webhookId: endpoint.id, limit: 1 })).data
  const shown = await getDelivery(db, endpoint.id, listed?.id ?? '')
  expect(shown).toMatchObject({ ...listed, state: 'delivered', attempts: 3, data: { object: 'update', id: 'upd_1' } })
  expect(shown.log).toMatchObject([
    { number: 1, status: 500, error: 'The endpoint answered 500', duration_ms: 12 },
    { number: 3, status: 204, error: null, duration_ms: 8 },
  ])
  const other = await createEndpoint('other')
  await expect(getDelivery(db, other.id, shown.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('an endpoint that asks for patience is left alone with all that waits for it; the others are not', async () => {
  const busy = await createEndpoint('busy', ['update.promoted'])
  await createEndpoint('free', ['update.failed'])
  await writeOutbox(db, 'update.promoted', { count: 1 })
  await settleAll({ outcome: 'failed', status: 429, error: 'The endpoint answered 429', retryAfterSeconds: 600 })
  await writeOutbox(db, 'update.promoted', { count: 2 })
  await writeOutbox(db, 'update.failed', {})
  expect((await getWebhook(db, busy.id)).held_until).toBeGreaterThan(Date.now() / 1000 + 500)
  expect((await claim()).map(({ event }) => event.type)).toEqual(['update.failed'])
  await passTime(db, 590)
  expect((await claim()).filter(({ webhook }) => webhook.id === busy.id)).toEqual([])
  await passTime(db, 11)
  expect((await claim()).filter(({ webhook }) => webhook.id === busy.id)).toHaveLength(2)
})

test('after days without one success an endpoint is switched off, and the others are told', async () => {
  const broken = await createEndpoint('broken')
  await writeOutbox(db, 'update.promoted', {})
  await settleAll(failed)
  const watching = await createEndpoint('watching', ['webhook.disabled'])
  await passTime(db, FAILING_DAYS_MAX * day - 60)
  await settleAll(failed)
  expect(await getWebhook(db, broken.id)).toMatchObject({ enabled: true, disabled_at: null })
  await passTime(db, day)
  await writeOutbox(db, 'update.promoted', {})
  expect(await settleAll(failed)).toBeGreaterThan(0)
  const off = await getWebhook(db, broken.id)
  expect(off).toMatchObject({ enabled: false })
  expect(off.disabled_reason).toContain('Nothing was delivered for 5 days')
  expect(off.disabled_at).not.toBeNull()
  const states = (await listDeliveries(db, { webhookId: broken.id, limit: 10 })).data.map(({ state }) => state)
  expect(states).toEqual(['failed', 'failed'])
  const notices = await claim()
  expect(notices.map(({ webhook }) => webhook.id)).toEqual([watching.id])
  expect(notices[0]?.event).toMatchObject({ type: 'webhook.disabled', payload: off })
  expect(JSON.stringify(notices[0]?.event)).not.toContain('whsec_')

  const back = await updateWebhook(db, broken.id, { enabled: true }, policy)
  expect(back).toMatchObject({ enabled: true, failing_since: null, disabled_at: null, disabled_reason: null })
})

test('one success between failures starts the days anew', async () => {
  const endpoint = await createEndpoint('flaky')
  for (const result of [failed, delivered, failed]) {
    await writeOutbox(db, 'update.promoted', {})
    expect(await settleAll(result)).toBeGreaterThan(0)
    await passTime(db, 3 * day)
  }
  expect(await settleAll(failed)).toBe(1)
  expect((await getWebhook(db, endpoint.id)).enabled).toBe(true)
  await passTime(db, 3 * day)
  expect(await settleAll(failed)).toBe(1)
  expect((await getWebhook(db, endpoint.id)).enabled).toBe(false)
})

test('a test event goes to its endpoint alone whatever it listens to, is tried once, and counts for nothing', async () => {
  const endpoint = await createEndpoint('one', ['update.failed'])
  await createEndpoint('other')
  const queued = await sendTestEvent(db, endpoint.id)
  expect(queued).toMatchObject({ event_type: 'webhook.test', state: 'pending', attempts: 0, log: [] })
  expect(await settleAll(failed)).toBe(1)
  expect(await getDelivery(db, endpoint.id, queued.id)).toMatchObject({ state: 'failed', next_attempt_at: null })
  expect((await getWebhook(db, endpoint.id)).failing_since).toBeNull()
  await updateWebhook(db, endpoint.id, { enabled: false }, policy)
  await expect(sendTestEvent(db, endpoint.id)).rejects.toMatchObject({ code: 'conflict' })
  await expect(sendTestEvent(db, 'whk_none')).rejects.toMatchObject({ code: 'not_found' })
})
