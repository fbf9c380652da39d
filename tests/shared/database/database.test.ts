import { expect, test } from 'vitest'
import { isDatabaseDown, isUniqueViolation, openDatabase, pingDatabase } from '../../../shared/database/database.ts'
import { AppError } from '../../../shared/errors.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { getModel, listModels } from '../../../shared/models/get-model.ts'
import { startLoop } from '../../support/loop.ts'
import { createTestDatabase, startOwnPostgres } from '../../support/postgres.ts'

test('the pool outlives a killed server: queries fail as "down" while it is away and work when it is back', async () => {
  const postgres = await startOwnPostgres()
  const database = openDatabase(postgres.server().url)
  try {
    await ensureModel(database.query, { name: 'default', base: 'tiny' })
    // Several idle connections, all broken by the kill.
    await Promise.all(Array.from({ length: 5 }, () => pingDatabase(database)))
    const inFlight = database.pool.query('select pg_sleep(30)').catch((error: unknown) => error)
    await Promise.all(Array.from({ length: 3 }, () => pingDatabase(database)))
    await postgres.server().kill()
    expect(isDatabaseDown(await inFlight)).toBe(true)
    const away = await getModel(database.query, 'default').catch((error: unknown) => error)
    expect(isDatabaseDown(away), String(away)).toBe(true)
    const inTransaction = await ensureModel(database.query, { name: 'x', base: 'tiny' }).catch((e: unknown) => e)
    expect(isDatabaseDown(inTransaction), String(inTransaction)).toBe(true)
    await postgres.restart()
    expect(await getModel(database.query, 'default')).toMatchObject({ name: 'default' })
    await Promise.all(Array.from({ length: 10 }, () => pingDatabase(database)))
  } finally {
    await database.close()
    await postgres.remove()
  }
})

test('an error of the product or of a statement is no sign that the database is down', async () => {
  const loop = await startLoop()
  const wrong = await loop.database.pool.query('select nothing').catch((error: unknown) => error)
  expect(isDatabaseDown(wrong)).toBe(false)
  expect(isDatabaseDown(new AppError('lease_lost', 'gone'))).toBe(false)
  expect(isDatabaseDown(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false)
  expect(isDatabaseDown(undefined)).toBe(false)
  const twice = await loop.database.pool
    .query('insert into models select * from models')
    .catch((error: unknown) => error)
  expect(isUniqueViolation(twice, 'models_pkey')).toBe(true)
  expect(isUniqueViolation(twice, 'other')).toBe(false)
  await loop.end()
})

test('ten processes that ensure the same model at once make it once, with version 0 as its head', async () => {
  const created = await createTestDatabase()
  const database = openDatabase(created.url)
  const all = await Promise.all(
    Array.from({ length: 10 }, () => ensureModel(database.query, { name: 'default', base: 'tiny' })),
  )
  expect(new Set(all.map((model) => model.id)).size).toBe(1)
  expect(await listModels(database.query)).toHaveLength(1)
  const rows = await database.pool.query(
    'select number, (select count(*)::int from promotions) as promotions from versions',
  )
  expect(rows.rows).toEqual([{ number: 0, promotions: 1 }])
  await database.close()
  await created.drop()
})

test('a transaction that cannot begin gives its connection back', async () => {
  const created = await createTestDatabase()
  const database = openDatabase(created.url, { connectionsMax: 1 })
  const unknown = { isolationLevel: 'none' } as unknown as { isolationLevel: 'serializable' }
  await expect(database.query.transaction(() => Promise.resolve(), unknown)).rejects.toThrow('begin isolation level')
  await pingDatabase(database)
  expect(await database.query.transaction((tx) => tx.execute('select 1 as one'))).toMatchObject({ rows: [{ one: 1 }] })
  await database.close()
  await created.drop()
})
