import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from 'drizzle-orm'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { claimDeliveries } from '../../../shared/webhooks/claim-deliveries.ts'
import { listDeliveries } from '../../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { EVENT_TYPES, webhookInputSchema } from '../../../shared/webhooks/webhook.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  updateWebhook,
} from '../../../shared/webhooks/webhooks.ts'
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
const url = 'https://example.com/hooks'
const claimAll = () =>
  claimDeliveries(db, { limit: 100, limitPerWebhook: 100, leaseSeconds: 60, underWay: new Map<string, number>() })

test('an endpoint gets every event and a secret of 32 random bytes, shown once', async () => {
  const made = await createWebhook(db, { url }, policy)
  expect(made.events).toEqual(['*'])
  for (const type of EVENT_TYPES) await writeOutbox(db, type, {})
  expect((await claimAll()).map(({ event }) => event.type).sort()).toEqual([...EVENT_TYPES].sort())
  expect(Buffer.from(made.secret.slice('whsec_'.length), 'base64')).toHaveLength(32)
  const other = await createWebhook(db, { url }, policy)
  expect(other.secret).not.toBe(made.secret)
  const shown = await getWebhook(db, made.id)
  expect(shown).toEqual({ ...made, secret: undefined })
  expect(JSON.stringify(await listWebhooks(db, { limit: 10 }))).not.toContain('whsec_')
})

test.each([
  ['24 bytes', `whsec_${Buffer.alloc(24, 1).toString('base64')}`, true],
  ['64 bytes', `whsec_${Buffer.alloc(64, 1).toString('base64')}`, true],
  ['23 bytes', `whsec_${Buffer.alloc(23, 1).toString('base64')}`, false],
  ['65 bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`, false],
  ['no prefix', Buffer.alloc(32, 1).toString('base64'), false],
  ['base64 of the url kind', `whsec_${Buffer.alloc(32, 255).toString('base64url')}`, false],
])('a secret of the caller with %s: %s is %s', (_what, secret, accepted) => {
  expect(webhookInputSchema.safeParse({ url, secret }).success).toBe(accepted)
})

test('an endpoint inside the private network is refused before anything is stored', async () => {
  const attempt = createWebhook(db, { url: 'https://169.254.169.254/latest' }, policy)
  await expect(attempt).rejects.toMatchObject({ code: 'invalid_request', field: 'url' })
  expect((await listWebhooks(db, { limit: 10 })).data).toEqual([])
  const made = await createWebhook(db, { url }, policy)
  await expect(updateWebhook(db, made.id, { url: 'http://10.0.0.1/' }, policy)).rejects.toMatchObject({ field: 'url' })
  expect((await getWebhook(db, made.id)).url).toBe(url)
})

test('after a rotation both secrets sign for a day, then the new one alone', async () => {
  const made = await createWebhook(db, { url }, policy)
  const rotated = await rotateWebhookSecret(db, made.id)
  expect(rotated.secret).not.toBe(made.secret)
  await writeOutbox(db, 'update.promoted', {})
  expect((await claimAll())[0]?.webhook.secrets).toEqual([rotated.secret, made.secret])
  await passTime(db, 86_401)
  expect((await claimAll())[0]?.webhook.secrets).toEqual([rotated.secret])
})

test('rotated again within the day, all of them sign; a revoked one never does again', async () => {
  const made = await createWebhook(db, { url }, policy)
  const second = await rotateWebhookSecret(db, made.id)
  const third = await rotateWebhookSecret(db, made.id, { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` })
  await writeOutbox(db, 'update.promoted', {})
  expect((await claimAll())[0]?.webhook.secrets).toEqual([third.secret, second.secret, made.secret])
  const last = await rotateWebhookSecret(db, made.id, { revoke_previous: true })
  await passTime(db, 61)
  expect((await claimAll())[0]?.webhook.secrets).toEqual([last.secret])
})

test('however often it is rotated, a header holds five signatures at most', async () => {
  const made = await createWebhook(db, { url }, policy)
  for (let count = 0; count < 8; count++) await rotateWebhookSecret(db, made.id)
  await writeOutbox(db, 'update.promoted', {})
  expect((await claimAll())[0]?.webhook.secrets).toHaveLength(5)
})

test('an endpoint that names events gets those alone, until it asks for every one', async () => {
  const { id } = await createWebhook(db, { url, events: ['update.failed', 'update.failed'] }, policy)
  await writeOutbox(db, 'update.promoted', {})
  await writeOutbox(db, 'update.failed', {})
  expect((await claimAll()).map(({ event }) => event.type)).toEqual(['update.failed'])
  const patched = await updateWebhook(db, id, { events: ['update.failed', '*'] }, policy)
  expect(patched.events).toEqual(['*'])
  await writeOutbox(db, 'practice.promoted', {})
  expect((await claimAll()).map(({ event }) => event.type)).toEqual(['practice.promoted'])
})

test('an endpoint that was made with every event of its day gets those that came later', async () => {
  const first = EVENT_TYPES.filter((type) => !/^practice|awaiting_review|^webhook/.test(type))
  const second = [...first, 'webhook.disabled' as const]
  const third = [...second, 'update.awaiting_review' as const]
  const some = [first.slice(1), [...first, 'update.awaiting_review' as const], second.slice(1), third.slice(1)]
  const made: string[] = []
  for (const events of [first, second, third, ...some]) made.push((await createWebhook(db, { url, events }, policy)).id)
  const migration = readFileSync(new URL('../../../migrations/0014_every_event.sql', import.meta.url), 'utf8')
  await database.pool.query(migration)
  const shown = await Promise.all(made.map(async (id) => (await getWebhook(db, id)).events))
  expect(shown).toEqual([['*'], ['*'], ['*'], ...some])
})

test('pages show every endpoint once', async () => {
  for (let count = 0; count < 5; count++) await createWebhook(db, { url: `${url}/${count}` }, policy)
  const seen: string[] = []
  let after: string | undefined
  for (let hasMore = true; hasMore; after = seen.at(-1)) {
    const page = await listWebhooks(db, { limit: 2, ...(after === undefined ? {} : { after }) })
    seen.push(...page.data.map((webhook) => webhook.id))
    hasMore = page.has_more
  }
  expect(new Set(seen).size).toBe(5)
  expect(seen).toHaveLength(5)
})

test('a removed endpoint takes its deliveries with it and is unknown afterwards', async () => {
  const made = await createWebhook(db, { url }, policy)
  await writeOutbox(db, 'update.failed', {})
  await deleteWebhook(db, made.id)
  expect(await claimAll()).toEqual([])
  for (const call of [
    () => getWebhook(db, made.id),
    () => deleteWebhook(db, made.id),
    () => rotateWebhookSecret(db, made.id),
    () => updateWebhook(db, made.id, { enabled: true }, policy),
    () => listDeliveries(db, { webhookId: made.id, limit: 1 }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'not_found' })
  }
})
