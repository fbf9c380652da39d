// The connection to Postgres: one pool per process, drizzle on top. The pool survives a restart of the server: broken
// idle connections are thrown away, the next query opens a new one; who runs a query decides whether to try again.
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import pg from 'pg'

/** What domain functions take: the database itself or a transaction of it. */
export type Db = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

export interface Database {
  query: NodePgDatabase
  pool: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  connectionsMax?: number
  /** How long a connection is kept that nobody uses. */
  idleMs?: number
  /** Told of connections that broke while idle; nothing needs to be done about them. */
  onIdleError?: (error: Error) => void
}

/** Connects lazily: a wrong address shows at the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? 10,
    // A database that pauses when nobody asks (Aurora) needs some 15 s to wake.
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: options.idleMs ?? 30_000,
    keepAlive: true,
    // The longest statement (the retention of a thousand documents) takes about a second; ten times that is a hang.
    statement_timeout: 10_000,
    lock_timeout: 8_000,
    // A trainer's transaction may stand idle while a step of training blocks its process for seconds.
    idle_in_transaction_session_timeout: 60_000,
  })
  // Without a listener an idle connection that breaks would end the process. A connection that breaks while checked
  // out rejects its query as well, so the event adds nothing there.
  pool.on('error', (error) => options.onIdleError?.(error))
  pool.on('connect', (client) => client.on('error', () => undefined))
  const query = drizzle({ client: pool })
  // Drizzle (0.45) begins before the `try` that gives the client back: a connection that broke there was lost to the pool.
  query.transaction = async (work, config) => {
    const client = await pool.connect()
    try {
      return await drizzle({ client }).transaction(work, config)
    } finally {
      client.release()
    }
  }
  return { query, pool, close: () => pool.end() }
}

/** Resolves when the server answers a query; throws what the driver throws. */
export async function pingDatabase(database: Database): Promise<void> {
  await database.pool.query('select 1')
}

export { isDatabaseDown, isUniqueViolation } from './database-errors.ts'
