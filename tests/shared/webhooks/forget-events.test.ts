import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { claimDeliveries } from '../../../shared/webhooks/claim-deliveries.ts'
import { forgetEvents, KEPT_DAYS } from '../../../shared/webhooks/forget-events.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { recordAttempt } from '../../../shared/webhooks/record-attempt.ts'
import { createWebhook } from '../../../shared/webhooks/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts'

let own: TestDatabase
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase(own.url)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

test('what is older than a month goes with its log; what still waits for an endpoint stays, as does what is younger', async () => {
  const db = database.query
  await createWebhook(db, { url: 'https://example.com/', events: ['update.promoted'] }, { allowPrivate: false })
  const write = async (days: number, sent: boolean): Promise<string> => {
    const id = await writeOutbox(db, sent ? 'update.promoted' : 'update.failed', {})
    await db.execute(sql`update outbox_events set created_at = now() - make_interval(days => ${days}) where id = ${id}`)
    return id
  }
  const settle = async (): Promise<void> => {
    const all = { limit: 10, limitPerWebhook: 10, leaseSeconds: 60, underWay: new Map<string, number>() }
    for (const delivery of await claimDeliveries(db, all))
      await recordAttempt(db, delivery, { outcome: 'delivered', status: 204 }, () => 0)
  }
  await write(KEPT_DAYS + 1, true)
  const young = await write(KEPT_DAYS - 1, true)
  await settle()
  await write(KEPT_DAYS + 1, false) // nobody wanted it
  const waiting = await write(KEPT_DAYS + 1, true)
  expect(await forgetEvents(db)).toBe(2)
  const { rows } = await db.execute<{ id: string }>(sql`select id from outbox_events`)
  expect(rows.map(({ id }) => id).sort()).toEqual([young, waiting].sort())
  expect((await db.execute(sql`select from delivery_attempts`)).rowCount).toBe(1)
  expect(await forgetEvents(db)).toBe(0)
})
