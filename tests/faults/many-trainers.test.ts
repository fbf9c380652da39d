// What is promised when many trainers share one queue. Eight processes on one real Postgres, the service's own claim loop
// in each; the training alone is a wait. `npm run bench:fleet` does the same with fifty models, and measures.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { findMisplaced, seedQueue, startTrainer, type FleetTrainer } from '../support/fleet/fleet.ts'
import { runFleet } from '../support/fleet/run-fleet.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { until } from './scene.ts'

/** Eight processes load at once on a machine that may be busy with other tests. */
const patient = 300_000

let own: TestDatabase
let objects: string
let database: Database
beforeEach(async () => {
  own = await createTestDatabase()
  objects = await mkdtemp(join(tmpdir(), 'palimpsest-fleet-'))
  database = openDatabase(own.url)
})
afterEach(async () => {
  await database.close()
  await own.drop()
  await rm(objects, { recursive: true, force: true })
})

test(
  'eight trainers work off ten models: never two at once on one, each update once and in its order',
  { timeout: patient },
  async () => {
    const load = { trainers: 8, models: 10, updatesEach: 8, workMs: 100, leaseSeconds: 30 }
    const report = await runFleet({ databaseUrl: own.url, objects, ...load })
    expect(report).toMatchObject({ updates: 80, promoted: 80, overlaps: 0, misplaced: 0 })
  },
)

test(
  'a trainer frozen past its lease is refused when it wakes, and works on with what comes next',
  { timeout: patient },
  async () => {
    const settings = { databaseUrl: own.url, objects, leaseSeconds: 2, workMs: 1000 }
    const frozen = await startTrainer(settings)
    let other: FleetTrainer | undefined
    try {
      await seedQueue(database.query, { models: 1, updatesEach: 3 })
      await until('the first trainer has an update', async () => frozen.workingOn() !== undefined)
      const taken = frozen.workingOn()
      frozen.process.kill('SIGSTOP')
      const rescuer = (other = await startTrainer(settings))
      await until('the other has finished it', async () => rescuer.worked.some(({ update }) => update === taken))
      expect(rescuer.worked.find(({ update }) => update === taken)).toMatchObject({ outcome: 'promoted' })
      await rescuer.stop()
      frozen.process.kill('SIGCONT')
      await until('the frozen one has worked again', async () => frozen.worked.length > 1)
      expect(frozen.worked[0]).toMatchObject({ update: taken, outcome: 'lease_lost' })
      await until('everything is finished', async () => {
        const { rows } = await database.pool.query('select from updates where finished_at is null')
        return rows.length === 0
      })
      expect(await findMisplaced(database.query)).toEqual([])
    } finally {
      await Promise.all([frozen.stop(), other?.stop()])
    }
  },
)
