import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type PostgresOptions } from '../../infra/local/postgres.ts'
import { createTestDatabase } from '../support/postgres.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-postgres-test-'))
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  // A killed server ends the connection with an error event of its own.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(statement)).rows as unknown[]
  } finally {
    await client.end()
  }
}

test('what was committed survives a clean stop and a hard kill, and a start over a living server replaces it', async () => {
  const options: PostgresOptions = { dataFolder: join(folder, 'data'), log: () => undefined }
  const first = await startPostgres(options)
  await query(first.url, 'create table kept (n int); insert into kept values (1)')
  await first.stop()

  const second = await startPostgres({ ...options, port: first.port })
  expect(second.url).toBe(first.url)
  await query(second.url, 'insert into kept values (2)')
  await second.kill()

  const third = await startPostgres(options)
  await query(third.url, 'insert into kept values (3)')
  const fourth = await startPostgres(options)
  await third.exited
  expect(await query(fourth.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  await fourth.stop()
})

test('an interrupted initdb is started over', async () => {
  const dataFolder = join(folder, 'interrupted')
  await startPostgres({ dataFolder, log: () => undefined }).then((server) => server.stop())
  await rm(dataFolder, { recursive: true })
  await chmod(folder, 0o711)
  await writeFile(`${dataFolder}.new.password`, 'left over')
  const server = await startPostgres({ dataFolder, log: () => undefined })
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  expect((await readdir(folder)).filter((name) => name.startsWith('interrupted.'))).toEqual([])
})

test('without the password nobody gets in', async () => {
  const database = await createTestDatabase()
  const url = new URL(database.url)
  url.password = 'guess'
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed')
  await database.drop()
})

test('two test databases do not see each other', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await query(one.url, 'create table mine (n int)')
  await expect(query(two.url, 'select * from mine')).rejects.toThrow('does not exist')
  await Promise.all([one.drop(), two.drop()])
})
