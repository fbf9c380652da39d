// The trainer as the process that a job starts.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { submitJobs } from '../../shared/trainer-jobs/submit-jobs.ts'
import { getUpdate } from '../../shared/updates/get-update.ts'
import { isFinal } from '../../shared/updates/update.ts'
import { goldenPath } from '../engine/golden-files.ts'
import { postDocument } from '../support/loop.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

let own: TestDatabase
let database: Database
let home: string
beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase(own.url)
  home = await mkdtemp(join(tmpdir(), 'palimpsest-drain-'))
  await ensureModel(database.query, { name: 'default', base: 'llama-tied' })
  await ensureModel(database.query, { name: 'notes', base: 'llama-tied' })
})
afterAll(async () => {
  await database.close()
  await own.drop()
  await rm(home, { recursive: true, force: true })
})

async function drain(model: string): Promise<number> {
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'services/trainer/main.ts', '--drain', model], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: own.url,
        PALIMPSEST_HOME: home,
        BASE_MODEL: goldenPath('models', 'llama-tied'),
        LOG_LEVEL: 'warn',
      },
    })
    child.once('exit', (code) => resolve(code ?? -1))
  })
}

test('a trainer that drains a model works on all that waits for it, on nothing of another model, and ends its job', async () => {
  const db = database.query
  const own = [await postDocument(database, 'Mill'), await postDocument(database, 'Quay')]
  const other = await postDocument(database, 'Tower', 'notes')
  const submitted: string[] = []
  const batch = {
    submit: async (model: string) => `job-${submitted.push(model)}`,
    findAlive: async (ids: readonly string[]) => new Set(ids),
  }
  await submitJobs(db, batch)
  expect(submitted.sort()).toEqual(['default', 'notes'])

  expect(await drain('default')).toBe(0)
  for (const { update } of own) expect(isFinal((await getUpdate(db, update.id)).state)).toBe(true)
  expect(await getUpdate(db, other.update.id)).toMatchObject({ state: 'queued', attempts: 0 })

  await postDocument(database, 'Bridge')
  expect(await submitJobs(db, batch)).toEqual(['default'])
}, 120_000)

test('a trainer for a model that is not there ends with an error', async () => {
  expect(await drain('nobody')).toBe(1)
}, 60_000)
