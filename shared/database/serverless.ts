// The database of a function that is frozen between its calls. A connection that is open then stays open, as no timer runs
// any more, and keeps a database awake that would pause without; so each call ends when its connections have.
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, type Database, type DatabaseOptions } from './database.ts'

/** Long enough to serve the queries of one call over one connection. */
const idleMs = 50

export function openServerlessDatabase(url: string, options: DatabaseOptions = {}): Database {
  return openDatabase(url, { ...options, idleMs })
}

/** Resolves when the last connection is closed; to be called when nothing uses the database any more. */
export async function untilDisconnected({ pool }: Database): Promise<void> {
  while (pool.totalCount > 0) await sleep(10)
}
