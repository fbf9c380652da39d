// Databases for tests. `createTestDatabase` is what nearly every test wants: empty, migrated, its own, in 50 ms.
// `startOwnPostgres` is for the few that stop or kill the server.
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres, type PostgresServer } from '../../infra/local/postgres.ts'
import { templateDatabase, withDatabase } from './postgres-global-setup.ts'

export interface TestDatabase {
  url: string
  /** Closes what is still connected and removes the database. */
  drop(): Promise<void>
}

/** A fresh database with all migrations applied, on the server that the test run shares. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  await runOnServer(serverUrl, `create database ${name} template ${templateDatabase}`)
  return {
    url: withDatabase(serverUrl, name),
    drop: () => runOnServer(serverUrl, `drop database if exists ${name} with (force)`),
  }
}

export interface OwnPostgres {
  /** The server that runs now; its url keeps working over restarts, as the port stays. */
  server(): PostgresServer
  /** Starts it again, in the same folder and on the same port, after `server().stop()` or `.kill()`. */
  restart(): Promise<void>
  remove(): Promise<void>
}

/** A migrated server for one test alone, durable as in real use. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-own-postgres-'))
  await chmod(folder, 0o711)
  const options = { dataFolder: join(folder, 'data'), log: () => undefined }
  let server = await startPostgres(options)
  await applyMigrations(server.url)
  return {
    server: () => server,
    async restart() {
      server = await startPostgres({ ...options, port: server.port })
    },
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function runOnServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
