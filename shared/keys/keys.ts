// Keys: made, listed, revoked, and looked up by what a request carries. No key makes or shows one that can do more than
// itself.
import { createHash, randomBytes } from 'node:crypto'
import { and, desc, eq, gt, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import type { BoundModels, Caller, Key, KeyInput, KeyWithSecret } from './key.ts'
import { findBound } from './find-bound.ts'
import { apiKeys } from './keys.table.ts'
import { withinModels } from './of-caller.ts'

const hintLength = 8

/**
 * The only answer that holds the secret. Throws `forbidden` for more than `by` itself may do, `not_found` for a model
 * that is not there or that `by` does not see.
 */
export async function createKey(db: Db, input: KeyInput, by: Caller): Promise<KeyWithSecret> {
  const missing = input.scopes.find((scope) => !by.scopes.includes(scope))
  if (missing !== undefined)
    throw new AppError('forbidden', `a key without the scope '${missing}' cannot make one with it`, { field: 'scopes' })
  const bound = await bindModels(db, input.models, by)
  const secret = `pal_${randomBytes(32).toString('base64url')}`
  const { expires_in_seconds: seconds } = input
  const [row] = await db
    .insert(apiKeys)
    .values({
      id: newId('key'),
      name: input.name,
      secretSha256: sha256(secret),
      hint: secret.slice(0, hintLength),
      scopes: input.scopes,
      modelIds: bound === null ? null : [...bound.ids],
      ratePerMinute: input.rate_per_minute,
      expiresAt: seconds === null ? null : sql`now() + make_interval(secs => ${seconds})`,
    })
    .returning()
  if (row === undefined) throw new AppError('internal', 'the key was not stored')
  return { ...toKey(row, bound), secret }
}

/** Throws not_found, for one that `by` does not see too. */
export async function getKey(db: Db, id: string, by: Caller): Promise<Key> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), seenBy(by)))
  if (row === undefined) throw new AppError('not_found', `there is no key ${id}`)
  return toKey(row, await findBound(db, row.modelIds))
}

/** Newest first, without revoked ones. */
export async function listKeys(db: Db, { limit, after }: PageQuery, by: Caller): Promise<Page<Key>> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(
      and(
        seenBy(by),
        after === undefined
          ? undefined
          : lt(apiKeys.id, await getCursor(db, { id: apiKeys.id, column: apiKeys.id }, after)),
      ),
    )
    .orderBy(desc(apiKeys.id)) // ids sort by time
    .limit(limit + 1)
  const keys = await Promise.all(rows.map(async (row) => toKey(row, await findBound(db, row.modelIds))))
  return toPage(keys, limit)
}

/** From the next request on it is refused. Throws not_found. */
export async function revokeKey(db: Db, id: string, by: Caller): Promise<void> {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), seenBy(by)))
    .returning({ id: apiKeys.id })
  if (row === undefined) throw new AppError('not_found', `there is no key ${id}`)
}

/** Whose secret it is; undefined for none that is valid now. */
export async function findCaller(db: Db, secret: string): Promise<Caller | undefined> {
  const [row] = await db
    .select({ key: apiKeys, stale: sql<boolean>`coalesce(${apiKeys.lastUsedAt} < now() - interval '1 minute', true)` })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.secretSha256, sha256(secret)),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    )
  if (row === undefined) return undefined
  const { id, name, scopes, modelIds, ratePerMinute } = row.key
  if (row.stale)
    await db
      .update(apiKeys)
      .set({ lastUsedAt: sql`now()` })
      .where(eq(apiKeys.id, id))
  return { id, name, scopes, models: await findBound(db, modelIds), ratePerMinute }
}

/** What a key made by `by` is bound to: what is asked for, at most what `by` has. */
async function bindModels(db: Db, names: readonly string[] | null, by: Caller): Promise<BoundModels | null> {
  if (names === null) return by.models
  const unseen = names.find((name) => by.models !== null && !by.models.names.includes(name))
  const rows = await db
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(inArray(models.name, [...names]))
  const missing = unseen ?? names.find((name) => !rows.some((row) => row.name === name))
  if (missing !== undefined) throw new AppError('not_found', `there is no model '${missing}'`, { field: 'models' })
  return { ids: rows.map((row) => row.id), names: rows.map((row) => row.name) }
}

/** Not revoked, and bound to nothing that `by` is not bound to. */
function seenBy(by: Caller): SQL | undefined {
  if (by.models === null) return isNull(apiKeys.revokedAt)
  return and(isNull(apiKeys.revokedAt), withinModels(apiKeys.modelIds, by))
}

function toKey(row: typeof apiKeys.$inferSelect, bound: BoundModels | null): Key {
  return {
    object: 'api_key',
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    models: bound === null ? null : [...bound.names],
    rate_per_minute: row.ratePerMinute,
    created_at: unixSeconds(row.createdAt),
    expires_at: row.expiresAt && unixSeconds(row.expiresAt),
    last_used_at: row.lastUsedAt && unixSeconds(row.lastUsedAt),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
