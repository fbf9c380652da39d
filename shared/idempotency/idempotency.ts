// `Idempotency-Key`: the first request with a key runs, the same request again gets the stored answer. Keys live for a
// day; a request whose process died leaves its key in flight for a minute.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { idempotencyKeys } from './idempotency-keys.table.ts'

export interface StoredResponse {
  status: number
  headers: Record<string, string>
  body: unknown
}

const keyLengthMax = 255

/** What a caller sent, as it is stored: each caller has keys of its own. Throws `invalid_request`. */
export function idempotencyKeyOf(callerId: string, sent: string): string {
  if (sent.length === 0 || sent.length > keyLengthMax || sent.includes('\0')) {
    throw new AppError('invalid_request', `Idempotency-Key must have 1 to ${keyLengthMax} characters`)
  }
  return `${callerId} ${sent}`
}

/**
 * Undefined: run the request, then call `endIdempotent` (or `dropIdempotent` when it failed and may be tried again).
 * Otherwise the answer to send again. `requestSha256` is of everything that makes the request what it is: method, path
 * and body. Throws `conflict` while the first one is in flight, `idempotency_mismatch` for another request.
 */
export async function beginIdempotent(db: Db, key: string, requestSha256: string): Promise<StoredResponse | undefined> {
  const over = sql`${idempotencyKeys.createdAt} < now() - interval '1 day'`
  const abandoned = sql`${idempotencyKeys.status} is null and ${idempotencyKeys.createdAt} < now() - interval '1 minute'`
  const [taken] = await db
    .insert(idempotencyKeys)
    .values({ key, requestSha256 })
    .onConflictDoUpdate({
      target: idempotencyKeys.key,
      set: { requestSha256, status: null, headers: null, body: null, createdAt: sql`now()` },
      setWhere: sql`(${over}) or (${abandoned})`,
    })
    .returning({ key: idempotencyKeys.key })
  if (taken !== undefined) {
    await db.delete(idempotencyKeys).where(over)
    return undefined
  }
  const [row] = await db.select().from(idempotencyKeys).where(eq(idempotencyKeys.key, key))
  if (row !== undefined && row.requestSha256 !== requestSha256) {
    throw new AppError('idempotency_mismatch', 'this Idempotency-Key was used for another request: take a new key')
  }
  if (row === undefined || row.status === null) {
    throw new AppError('conflict', 'a request with this Idempotency-Key is in flight: try again when it is done')
  }
  return { status: row.status, headers: row.headers ?? {}, body: row.body }
}

/** Keeps the answer for the next request with this key. */
export async function endIdempotent(db: Db, key: string, response: StoredResponse): Promise<void> {
  await db.update(idempotencyKeys).set(response).where(eq(idempotencyKeys.key, key))
}

/** Frees a key whose request failed. */
export async function dropIdempotent(db: Db, key: string): Promise<void> {
  await db.delete(idempotencyKeys).where(and(eq(idempotencyKeys.key, key), isNull(idempotencyKeys.status)))
}
