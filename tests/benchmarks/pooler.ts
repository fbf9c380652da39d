// `npm run check:pooler`: the queue, its leases and promotions through PgBouncer in transaction mode, where each transaction
// may run on another connection of the server: trainers share fewer connections than they are. Brings a Postgres of its own;
// PgBouncer has to be there (Debian's `pgbouncer`), PGBOUNCER names its binary.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { findFreePort } from '../../infra/local/port.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { openDatabase, pingDatabase, type Database } from '../../shared/database/database.ts'
import { runFleet } from '../support/fleet/run-fleet.ts'

const load = { trainers: 4, models: 6, updatesEach: 5, workMs: 200, leaseSeconds: 20 }
const serverConnections = 2

const folder = await mkdtemp(join(tmpdir(), 'palimpsest-check-pooler-'))
await chmod(folder, 0o755) // the database's user, and the pooler's, pass through
const server = await startPostgres({ dataFolder: join(folder, 'data'), durable: false, log: () => undefined })
const port = await findFreePort()
await writeFile(join(folder, 'pgbouncer.ini'), settings(new URL(server.url), port))
// As root it refuses to run.
const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
const pooler = spawn(process.env['PGBOUNCER'] ?? 'pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], {
  ...user,
  stdio: ['ignore', 'inherit', 'inherit'],
})
const closed = once(pooler, 'close')
try {
  const url = new URL(server.url)
  url.port = String(port)
  await untilReady(url.href)
  await applyMigrations(url.href)
  const report = await runFleet({ databaseUrl: url.href, objects: join(folder, 'objects'), ...load })
  console.log(report)
  const { updates, promoted, overlaps, misplaced } = report
  process.exitCode = promoted === updates && overlaps + misplaced === 0 ? 0 : 1
} finally {
  pooler.kill()
  await closed
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** The limits of time that the service asks for as it connects go to a session, which here is nobody's: see docs/operations.md. */
function settings({ hostname, port: serverPort, username, password }: URL, listenPort: number): string {
  return `[databases]
* = host=${hostname} port=${serverPort} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 200
ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout,extra_float_digits
`
}

async function untilReady(url: string): Promise<void> {
  const database = openDatabase(url)
  for (let tries = 1; tries < 100 && !(await answers(database)); tries++) await sleep(100)
  await database.close()
}

async function answers(database: Database): Promise<boolean> {
  return await pingDatabase(database).then(
    () => true,
    () => false,
  )
}
