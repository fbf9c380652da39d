// The loop on a real database and real receivers.
import type { ServerResponse } from 'node:http'
import { pino } from 'pino'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { listDeliveries } from '../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../shared/webhooks/outbox.ts'
import type { Delivery } from '../../shared/webhooks/delivery.ts'
import type { WebhookWithSecret } from '../../shared/webhooks/webhook.ts'
import { createWebhook, getWebhook } from '../../shared/webhooks/webhooks.ts'
import { openSender } from '../../services/notifier/deliver.ts'
import { notifierDefaults, runNotifier, type NotifierSettings } from '../../services/notifier/notifier.ts'
import { sleep } from '../../services/notifier/sleep.ts'
import { createTestDatabase, startOwnPostgres } from '../support/postgres.ts'
import { passTime, startReceiver, verify, type Receiver } from '../support/webhooks.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function openTestDatabase(): Promise<Database> {
  const own = await createTestDatabase()
  const database = openDatabase(own.url)
  closing.push(
    () => own.drop(),
    () => database.close(),
  )
  return database
}

async function receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  closing.push(() => receiver.close())
  return receiver
}

function subscribe(database: Database, receiver: Receiver): Promise<WebhookWithSecret> {
  return createWebhook(database.query, { url: receiver.url }, { allowPrivate: true })
}

/** Runs in this process; `stop` resolves when everything under way is finished. */
function start(database: Database, settings: Partial<NotifierSettings> = {}): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  const sender = openSender({ allowPrivate: true, publicUrl: 'http://here', timeoutSeconds: 15, now: () => new Date() })
  const deps = { db: database.query, sender, sleep, random: Math.random, log: pino({ level: 'silent' }) }
  const running = runNotifier(deps, { ...notifierDefaults, pollMs: 10, ...settings }, stopping.signal)
  const stop = async (): Promise<void> => {
    stopping.abort()
    await running
  }
  closing.push(() => sender.close(), stop)
  return { stop }
}

async function deliveriesOf(database: Database, webhook: { id: string }): Promise<Delivery[]> {
  return (await listDeliveries(database.query, { webhookId: webhook.id, limit: 1000 })).data
}

const soon = { timeout: 20_000, interval: 20 }

test('every event reaches every endpoint although they fail three times in ten, and each message is signed', async () => {
  const database = await openTestDatabase()
  let state = 1
  const accepted: string[] = []
  const flaky = (response: ServerResponse, id: string): void => {
    state = (state * 48_271) % 2_147_483_647
    if (state % 10 < 3) return void (state % 2 === 0 ? response.destroy() : response.writeHead(500).end())
    accepted.push(id)
    response.writeHead(204).end()
  }
  const receivers = await Promise.all(
    ['a', 'b'].map((name) =>
      receive((response, message) => flaky(response, `${name} ${String(message.headers['webhook-id'])}`)),
    ),
  )
  const endpoints = await Promise.all(receivers.map((receiver) => subscribe(database, receiver)))
  const events: string[] = []
  for (let count = 0; count < 40; count++) events.push(await writeOutbox(database.query, 'update.promoted', { count }))

  // The lease must not end while this test makes the waits between tries pass.
  start(database, { leaseSeconds: 10_000_000 })
  await expect
    .poll(async () => {
      await passTime(database.query, 3600)
      return (await database.query.execute(sql`select from deliveries where state = 'pending'`)).rowCount
    }, soon)
    .toBe(0)

  expect(accepted.sort()).toEqual(['a', 'b'].flatMap((name) => events.map((id) => `${name} ${id}`)).sort())
  for (const [index, endpoint] of endpoints.entries()) {
    const deliveries = await deliveriesOf(database, endpoint)
    expect(deliveries.every((delivery) => delivery.state === 'delivered')).toBe(true)
    const messages = receivers[index]?.messages ?? []
    expect(messages.length).toBe(deliveries.reduce((sum, delivery) => sum + delivery.attempts, 0))
    expect(messages.length).toBeGreaterThan(45) // some did fail
    for (const message of messages) expect(verify(endpoint.secret, message)).toMatchObject({ type: 'update.promoted' })
  }
})

test('an endpoint that answers slowly holds its own places only; stopping waits for it and starts nothing new', async () => {
  const database = await openTestDatabase()
  const held: ServerResponse[] = []
  const slow = await receive((response) => held.push(response))
  const quick = await receive()
  const slowEndpoint = await subscribe(database, slow)
  const quickEndpoint = await subscribe(database, quick)
  for (let count = 0; count < 20; count++) await writeOutbox(database.query, 'update.promoted', { count })

  const notifier = start(database, { concurrency: 6, concurrencyPerWebhook: 3 })
  await expect.poll(() => quick.messages.length, soon).toBe(20)
  await expect.poll(() => slow.messages.length, soon).toBe(3)
  await expect
    .poll(async () => (await deliveriesOf(database, quickEndpoint)).filter((one) => one.state === 'delivered').length)
    .toBe(20)
  expect(held).toHaveLength(3)

  const stopped = notifier.stop()
  held.forEach((response) => response.writeHead(200).end())
  await stopped
  expect(slow.messages).toHaveLength(3)
  const states = (await deliveriesOf(database, slowEndpoint)).map((delivery) => delivery.state)
  expect(states.filter((state) => state === 'delivered')).toHaveLength(3)
  expect(states.filter((state) => state === 'pending')).toHaveLength(17)
})

test('an endpoint that says it is gone is left alone from then on', async () => {
  const database = await openTestDatabase()
  const leaving = await receive((response) => response.writeHead(410).end())
  const staying = await receive()
  const endpoint = await subscribe(database, leaving)
  await subscribe(database, staying)
  for (let count = 0; count < 10; count++) await writeOutbox(database.query, 'update.rejected', { count })
  start(database, { concurrencyPerWebhook: 1 })
  // The ten, and the notice that the other was switched off.
  await expect.poll(() => staying.messages.length, soon).toBe(11)
  await expect.poll(async () => (await getWebhook(database.query, endpoint.id)).enabled, soon).toBe(false)
  expect(leaving.messages).toHaveLength(1)
  expect((await deliveriesOf(database, endpoint)).every((delivery) => delivery.state === 'failed')).toBe(true)
})

test('the database may be killed in the middle of a try: its result is kept, and later events are sent', async () => {
  const postgres = await startOwnPostgres()
  closing.push(() => postgres.remove())
  const database = openDatabase(postgres.server().url)
  closing.push(() => database.close())
  const held: ServerResponse[] = []
  const receiver = await receive((response) => held.push(response))
  const endpoint = await subscribe(database, receiver)
  await writeOutbox(database.query, 'update.promoted', { number: 1 })
  start(database)
  await expect.poll(() => held.length, soon).toBe(1)

  await postgres.server().kill()
  held.shift()?.writeHead(204).end()
  await postgres.restart()
  await expect
    .poll(() => deliveriesOf(database, endpoint).catch(() => []), soon)
    .toMatchObject([{ state: 'delivered', attempts: 1 }])
  expect(receiver.messages).toHaveLength(1)

  await writeOutbox(database.query, 'update.promoted', { number: 2 })
  await expect.poll(() => held.length, soon).toBe(1)
  held.shift()?.writeHead(204).end()
  await expect
    .poll(async () => (await deliveriesOf(database, endpoint)).map((delivery) => delivery.state), soon)
    .toEqual(['delivered', 'delivered'])
})
