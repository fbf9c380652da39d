import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { claimDeliveries, type ClaimedDelivery, type ClaimOptions } from '../../../shared/webhooks/claim-deliveries.ts'
import { listDeliveries } from '../../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { recordAttempt } from '../../../shared/webhooks/record-attempt.ts'
import { ATTEMPTS_MAX, RETRY_SECONDS } from '../../../shared/webhooks/retry-schedule.ts'
import type { Delivery } from '../../../shared/webhooks/delivery.ts'
import type { WantedEvent, WebhookWithSecret } from '../../../shared/webhooks/webhook.ts'
import { createWebhook, deleteWebhook, getWebhook, updateWebhook } from '../../../shared/webhooks/webhooks.ts'
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
const random = (): number => 0
const failed = { outcome: 'failed', status: 500, error: 'The endpoint answered 500' } as const
const gone = { outcome: 'gone', status: 410, error: 'The endpoint answered 410 Gone.' } as const

function createEndpoint(name: string, events?: WantedEvent[]): Promise<WebhookWithSecret> {
  return createWebhook(db, { url: `https://example.com/${name}`, ...(events ? { events } : {}) }, policy)
}

function claim(options: Partial<ClaimOptions> = {}): Promise<ClaimedDelivery[]> {
  return claimDeliveries(db, { limit: 100, limitPerWebhook: 100, leaseSeconds: 60, underWay: new Map(), ...options })
}

async function claimOne(): Promise<ClaimedDelivery> {
  const [delivery, ...more] = await claim()
  expect(more).toEqual([])
  if (!delivery) throw new Error('nothing is due')
  return delivery
}

async function deliveriesOf(webhook: { id: string }): Promise<Delivery[]> {
  return (await listDeliveries(db, { webhookId: webhook.id, limit: 100 })).data
}

test('an event becomes one delivery for each enabled endpoint that wants it, and for no other', async () => {
  const all = await createEndpoint('all')
  const alarms = await createEndpoint('alarms', ['retention.regressed'])
  const off = await createEndpoint('off')
  await updateWebhook(db, off.id, { enabled: false }, policy)
  const promoted = await writeOutbox(db, 'update.promoted', { object: 'update', id: 'upd_1' })
  const regressed = await writeOutbox(db, 'retention.regressed', { object: 'alert' })
  expect((await deliveriesOf(all)).map((delivery) => delivery.event_id).sort()).toEqual([promoted, regressed].sort())
  expect((await deliveriesOf(alarms)).map((delivery) => delivery.event_id)).toEqual([regressed])
  expect(await deliveriesOf(off)).toEqual([])
  const claimed = await claim()
  expect(claimed.find((delivery) => delivery.event.id === promoted)?.event).toMatchObject({
    type: 'update.promoted',
    payload: { object: 'update', id: 'upd_1' },
  })
})

test('what is rolled back was never announced', async () => {
  const endpoint = await createEndpoint('one')
  await expect(
    db.transaction(async (tx) => {
      await writeOutbox(tx, 'update.promoted', {})
      throw new Error('the promotion failed')
    }),
  ).rejects.toThrow('the promotion failed')
  expect(await deliveriesOf(endpoint)).toEqual([])
  expect((await db.execute(sql`select from outbox_events`)).rowCount).toBe(0)
})

test('an endpoint removed while an event is being written does not break the transaction that writes it', async () => {
  const endpoint = await createEndpoint('one')
  let removal: Promise<void> | undefined
  await db.transaction(async (tx) => {
    await writeOutbox(tx, 'update.promoted', {})
    removal = deleteWebhook(db, endpoint.id)
    await tx.execute(sql`select pg_sleep(0.1)`)
    await writeOutbox(tx, 'update.rejected', {})
  })
  await removal
  expect((await db.execute(sql`select from deliveries`)).rowCount).toBe(0)
  expect((await db.execute(sql`select from outbox_events`)).rowCount).toBe(2)
})

test('claimers side by side share the work: each delivery goes to exactly one', async () => {
  for (let count = 0; count < 3; count++) await createEndpoint(String(count))
  for (let count = 0; count < 20; count++) await writeOutbox(db, 'update.promoted', { count })
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim({ limit: 10 })))
  const rest = await claim()
  const ids = [...claims.flat(), ...rest].map((delivery) => delivery.id)
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
  expect(claims.every((claimed) => claimed.length <= 10)).toBe(true)
})

test('a delivery whose notifier died is due again when the lease is over, not before, and is the same message', async () => {
  await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', {})
  const first = await claimOne()
  await passTime(db, 55)
  expect(await claim()).toEqual([])
  await passTime(db, 6)
  const second = await claimOne()
  expect(second).toEqual({ ...first, attempt: 2 })
})

test('a notifier that comes back after its lease cannot overwrite the later try', async () => {
  const endpoint = await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', {})
  const stale = await claimOne()
  await passTime(db, 61)
  const later = await claimOne()
  await recordAttempt(db, later, { outcome: 'delivered', status: 204 }, random)
  await recordAttempt(db, stale, failed, random)
  await recordAttempt(db, stale, gone, random)
  expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered', attempts: 2, last_status: 204 }])
  expect((await getWebhook(db, endpoint.id)).enabled).toBe(true)
})

test('one endpoint with much waiting leaves places for the others, counting what is under way', async () => {
  const busy = await createEndpoint('busy', ['update.promoted'])
  for (let count = 0; count < 20; count++) await writeOutbox(db, 'update.promoted', {})
  const quiet = await createEndpoint('quiet', ['update.failed'])
  await writeOutbox(db, 'update.failed', {})
  const first = await claim({ limit: 10, limitPerWebhook: 4 })
  expect(first.filter((delivery) => delivery.webhook.id === busy.id)).toHaveLength(4)
  expect(first.filter((delivery) => delivery.webhook.id === quiet.id)).toHaveLength(1)
  expect(await claim({ limitPerWebhook: 4, underWay: new Map([[busy.id, 4]]) })).toEqual([])
  expect(await claim({ limitPerWebhook: 4, underWay: new Map([[busy.id, 3]]) })).toHaveLength(1)
})

test('a failing endpoint is tried to the end of the schedule and then given up, with the last reason kept', async () => {
  const endpoint = await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', {})
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const delivery = await claimOne()
    expect(delivery.attempt).toBe(attempt)
    await recordAttempt(db, delivery, failed, random)
    expect(await claim()).toEqual([]) // never at once
    await passTime(db, (RETRY_SECONDS[attempt - 1] ?? 0) + 1)
  }
  expect(await claim()).toEqual([])
  expect(await deliveriesOf(endpoint)).toMatchObject([
    { state: 'failed', attempts: ATTEMPTS_MAX, next_attempt_at: null, last_status: 500, last_error: failed.error },
  ])
  expect((await getWebhook(db, endpoint.id)).enabled).toBe(true)
})

test('the wait that an endpoint asks for is kept', async () => {
  await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', {})
  await recordAttempt(db, await claimOne(), { ...failed, status: 429, retryAfterSeconds: 600 }, random)
  await passTime(db, 590)
  expect(await claim()).toEqual([])
  await passTime(db, 11)
  expect(await claim()).toHaveLength(1)
})

test('410 disables the endpoint, gives up what waits for it and is undone by enabling it', async () => {
  const leaving = await createEndpoint('leaving')
  const staying = await createEndpoint('staying', ['update.promoted'])
  for (let count = 0; count < 3; count++) await writeOutbox(db, 'update.promoted', {})
  const claimed = (await claim({ limitPerWebhook: 2 })).filter((delivery) => delivery.webhook.id === leaving.id)
  // Two tries of it find out at the same moment.
  await Promise.all(claimed.map((delivery) => recordAttempt(db, delivery, gone, random)))
  expect(await getWebhook(db, leaving.id)).toMatchObject({ enabled: false, disabled_reason: gone.error })
  expect((await deliveriesOf(leaving)).map((delivery) => delivery.state)).toEqual(['failed', 'failed', 'failed'])
  expect((await claim()).map((delivery) => delivery.webhook.id)).toEqual([staying.id])
  await writeOutbox(db, 'update.promoted', {})
  expect(await deliveriesOf(leaving)).toHaveLength(3)

  const back = await updateWebhook(db, leaving.id, { enabled: true }, policy)
  expect(back).toMatchObject({ enabled: true, disabled_reason: null })
  await writeOutbox(db, 'update.promoted', {})
  expect((await claim()).filter((delivery) => delivery.webhook.id === leaving.id)).toHaveLength(1)
})

test('what waits for an endpoint that was switched off by hand goes on when it is switched on', async () => {
  const endpoint = await createEndpoint('one')
  await writeOutbox(db, 'update.promoted', {})
  await updateWebhook(db, endpoint.id, { enabled: false }, policy)
  expect(await claim()).toEqual([])
  await updateWebhook(db, endpoint.id, { enabled: true }, policy)
  expect(await claim()).toHaveLength(1)
})

test('deliveries are listed newest first, page by page', async () => {
  const endpoint = await createEndpoint('one')
  const events: string[] = []
  for (let count = 0; count < 3; count++) {
    events.push(await writeOutbox(db, 'update.promoted', {}))
    await db.execute(sql`select pg_sleep(0.002)`) // ids sort by the millisecond
  }
  const first = await listDeliveries(db, { webhookId: endpoint.id, limit: 2 })
  expect(first.has_more).toBe(true)
  const after = first.data.at(-1)?.id ?? ''
  const second = await listDeliveries(db, { webhookId: endpoint.id, limit: 2, after })
  expect(second.has_more).toBe(false)
  expect([...first.data, ...second.data].map((delivery) => delivery.event_id)).toEqual(events.reverse())
})
