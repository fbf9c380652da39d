import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { claimDeliveries, type ClaimedDelivery } from '../../../shared/webhooks/claim-deliveries.ts'
import { getDelivery } from '../../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { recordAttempt, type Attempt } from '../../../shared/webhooks/record-attempt.ts'
import { replayDelivery, replaySince } from '../../../shared/webhooks/replay.ts'
import { ATTEMPTS_MAX, RETRY_SECONDS } from '../../../shared/webhooks/retry-schedule.ts'
import { sendTestEvent } from '../../../shared/webhooks/send-test-event.ts'
import { createWebhook, updateWebhook } from '../../../shared/webhooks/webhooks.ts'
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
const failed: Attempt = { outcome: 'failed', status: 500, error: 'The endpoint answered 500' }
const delivered: Attempt = { outcome: 'delivered', status: 204 }
const listening = () => createWebhook(db, { url: 'https://example.com/', events: ['update.promoted'] }, policy)

function claim(): Promise<ClaimedDelivery[]> {
  return claimDeliveries(db, { limit: 100, limitPerWebhook: 100, leaseSeconds: 60, underWay: new Map() })
}

async function claimOne(): Promise<ClaimedDelivery> {
  const [delivery, ...more] = await claim()
  if (!delivery || more.length > 0) throw new Error('not one delivery is due')
  return delivery
}

/** As if it had happened so many seconds ago. */
async function age(eventId: string, seconds: number): Promise<void> {
  await db.execute(
    sql`update outbox_events set created_at = created_at - make_interval(secs => ${seconds}) where id = ${eventId}`,
  )
}

test('a delivery that was given up, replayed, is the same message and has the whole schedule before it', async () => {
  const endpoint = await listening()
  const event = await writeOutbox(db, 'update.promoted', {})
  let last = await claimOne()
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    await recordAttempt(db, last, failed, () => 0)
    await passTime(db, (RETRY_SECONDS[attempt - 1] ?? 0) + 1)
    if (attempt < ATTEMPTS_MAX) last = await claimOne()
  }
  expect(await claim()).toEqual([])
  expect(await replayDelivery(db, endpoint.id, last.id)).toMatchObject({ state: 'pending', attempts: ATTEMPTS_MAX })
  const replayed = await claimOne()
  expect(replayed).toMatchObject({ id: last.id, attempt: ATTEMPTS_MAX + 1, event: { id: event } })
  await recordAttempt(db, replayed, failed, () => 0)
  await passTime(db, RETRY_SECONDS[0] + 1)
  await recordAttempt(db, await claimOne(), delivered, () => 0)
  const shown = await getDelivery(db, endpoint.id, last.id)
  expect(shown).toMatchObject({ state: 'delivered', attempts: ATTEMPTS_MAX + 2 })
  expect(shown.log).toHaveLength(ATTEMPTS_MAX + 2)
})

test('one that was delivered can be sent again', async () => {
  const endpoint = await listening()
  await writeOutbox(db, 'update.promoted', {})
  const first = await claimOne()
  await recordAttempt(db, first, delivered, () => 0)
  expect(await claim()).toEqual([])
  expect(await replayDelivery(db, endpoint.id, first.id)).toMatchObject({ state: 'pending', delivered_at: null })
  expect((await claimOne()).event).toEqual(first.event)
})

test('a try under way when its delivery is replayed cannot undo the replay once that one is claimed', async () => {
  const endpoint = await listening()
  await writeOutbox(db, 'update.promoted', {})
  const underWay = await claimOne()
  await replayDelivery(db, endpoint.id, underWay.id)
  const replayed = await claimOne()
  await recordAttempt(db, underWay, failed, () => 0)
  await recordAttempt(db, replayed, delivered, () => 0)
  expect(await getDelivery(db, endpoint.id, underWay.id)).toMatchObject({ state: 'delivered', last_error: null })
})

test('what was missed since a moment comes again: given up, or never queued, of the events asked for', async () => {
  const endpoint = await listening()
  const old = await writeOutbox(db, 'update.promoted', { number: 0 })
  await age(old, 7200)
  const taken = await writeOutbox(db, 'update.promoted', { number: 1 })
  const lost = await writeOutbox(db, 'update.promoted', { number: 2 })
  const claimed = await claim()
  claimed.sort((one) => (one.event.id === taken ? -1 : 1)) // the other one switches the endpoint off
  for (const delivery of claimed) {
    const result: Attempt = delivery.event.id === taken ? delivered : { outcome: 'gone', status: 410, error: 'Gone.' }
    await recordAttempt(db, delivery, result, () => 0)
  }
  const unqueued = await writeOutbox(db, 'update.promoted', { number: 3 }) // it is switched off by now
  await writeOutbox(db, 'update.failed', {})
  const since = Math.floor(Date.now() / 1000) - 3600
  await expect(replaySince(db, endpoint.id, { since })).rejects.toMatchObject({ code: 'conflict' })
  await updateWebhook(db, endpoint.id, { enabled: true }, policy)
  expect(await replaySince(db, endpoint.id, { since })).toMatchObject({ object: 'replay', deliveries: 2 })
  const again = await claim()
  expect(again.map(({ event }) => event.id).sort()).toEqual([lost, unqueued].sort())
  for (const delivery of again) await recordAttempt(db, delivery, delivered, () => 0)
  expect(await replaySince(db, endpoint.id, { since })).toMatchObject({ deliveries: 0 })
  expect(await replaySince(db, endpoint.id, { since, which: 'all' })).toMatchObject({ deliveries: 3 })
  expect((await claim()).map(({ event }) => event.id).sort()).toEqual([taken, lost, unqueued].sort())
})

test('an endpoint of every event is sent all of them again, but no test that was for it once', async () => {
  const endpoint = await createWebhook(db, { url: 'https://example.com/' }, policy)
  await sendTestEvent(db, endpoint.id)
  const event = await writeOutbox(db, 'practice.promoted', {})
  for (const delivery of await claim()) await recordAttempt(db, delivery, delivered, () => 0)
  expect(await replaySince(db, endpoint.id, { since: 0, which: 'all' })).toMatchObject({ deliveries: 1 })
  expect((await claimOne()).event.id).toBe(event)
})

test('what another endpoint was sent, and what is unknown, cannot be replayed', async () => {
  const endpoint = await listening()
  await writeOutbox(db, 'update.promoted', {})
  const { id } = await claimOne()
  const other = await createWebhook(db, { url: 'https://example.com/other' }, policy)
  await expect(replayDelivery(db, other.id, id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(replayDelivery(db, endpoint.id, 'dlv_none')).rejects.toMatchObject({ code: 'not_found' })
  await expect(replaySince(db, 'whk_none', { since: 0 })).rejects.toMatchObject({ code: 'not_found' })
})
