// The promise of the outbox, as one measurement: whatever dies, every alert arrives, and what arrives can be trusted.
// `npm run check:webhooks` does the same with 1,000 alerts and 20 kills, in a minute or two.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAlertStorm } from '../support/alert-storm.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
})
afterAll(() => own.drop())

/** As `notifierDefaults` has it: more cannot be under way to one endpoint when the notifier dies. */
const underWayMax = 4
const kills = 4

test('200 alerts arrive, all signed, although the receiver fails three times in ten and the notifier dies 4 times', async () => {
  const report = await runAlertStorm({ databaseUrl: own.url, alerts: 200, kills, failShare: 0.3 })
  expect(report).toMatchObject({ kills, accepted: 200, undelivered: 0, unverified: 0 })
  expect(report.failed / report.tries).toBeGreaterThan(0.2)
  expect(report.failed / report.tries).toBeLessThan(0.4)
  expect(report.repeated).toBeLessThanOrEqual(kills * underWayMax)
}, 600_000)
