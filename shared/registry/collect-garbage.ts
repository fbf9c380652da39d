// Takes adapters that no version and no practice refers to out of the store. The race is with a publish: an update stored
// its adapter, or found the same one there already, and promotes it while it is being taken. So objects are condemned in
// the database first, and a promotion refuses a condemned one. It goes on refusing for every update that was claimed before
// the object was gone, by the order of lease tokens: whoever claims later stores it anew. Safety hangs on that alone; the
// grace period only spares updates under way the work of doing it again.
import { and, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import type { Lease } from '../updates/lease.ts'
import { RUNNING_STATES } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import type { Manifest } from '../versions/manifest.ts'
import { collectedObjects } from './collected-objects.table.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

export interface CollectOptions {
  /** Younger objects are left alone. */
  graceSeconds: number
  /** Says what would go, and takes nothing. */
  dryRun: boolean
  now?: Date
}

/** What one run condemned is its own to take for so long; afterwards it has stopped, or died, and another may. */
const runMinutesMax = 60

/** What went, or would go. Throws `store_failed`; what is left then goes an hour later at the earliest. */
export async function collectGarbage(
  db: Db,
  store: ObjectStore,
  { graceSeconds, dryRun, now = new Date() }: CollectOptions,
): Promise<StoredObject[]> {
  const objects = await store.list('adapters/')
  const old = objects.filter(({ modifiedAt }) => now.getTime() - modifiedAt.getTime() >= graceSeconds * 1000)
  const keys = old.map(({ key }) => key)
  const startedAt = Date.now()
  const doomed = new Set(dryRun ? await listUnreferenced(db, keys) : await condemn(db, keys))
  const garbage = old.filter(({ key }) => doomed.has(key))
  if (dryRun) return garbage
  const taken: StoredObject[] = []
  for (const object of garbage) {
    if (Date.now() - startedAt > (runMinutesMax / 2) * 60_000) break
    await store.delete(object.key)
    taken.push(object)
  }
  await raiseFences(
    db,
    taken.map(({ key }) => key),
  )
  return taken
}

/**
 * In the transaction of a promotion, after its version was inserted: that insert and `condemn` wait for each other. Throws
 * `store_failed`, after which the update starts again.
 */
export async function refuseCollected(tx: Db, lease: Lease, manifest: Manifest): Promise<void> {
  const keys = manifest.adapters.map(({ key }) => key)
  if (keys.length === 0) return
  const { key, fence } = collectedObjects
  const [gone] = await tx
    .select()
    .from(collectedObjects)
    .where(and(inArray(key, keys), or(isNull(fence), gte(fence, lease.token))))
    .limit(1)
  if (gone === undefined) return
  throw new AppError('store_failed', `${gone.key} was collected as garbage meanwhile; it is made and stored anew.`)
}

/** Of the keys those that nothing refers to and no other run is taking; they are taken from now on. */
async function condemn(db: Db, keys: readonly string[]): Promise<string[]> {
  return await db.transaction(async (tx) => {
    // Waits until promotions under way are committed, and holds up others for the moment of the question.
    await tx.execute(sql`lock table versions in share mode`)
    const doomed = await listUnreferenced(tx, keys)
    if (doomed.length === 0) return []
    const { key, fence, createdAt } = collectedObjects
    // Keys as one parameter each time: a deleted model may leave more of them than a statement takes parameters.
    const { rows } = await tx.execute<{ key: string }>(sql`
      insert into ${collectedObjects} (key) select unnest(${sql.param(doomed)}::text[])
      on conflict (key) do update set fence = null, created_at = now()
      where ${fence} is not null or ${createdAt} < now() - make_interval(mins => ${runMinutesMax})
      returning ${key}`)
    return rows.map((row) => row.key)
  })
}

async function listUnreferenced(db: Db, keys: readonly string[]): Promise<string[]> {
  const { rows } = await db.execute<{ key: string }>(sql`
    select key from unnest(${sql.param(keys)}::text[]) as key
    except
    select adapter->>'key' from versions, jsonb_array_elements(manifest->'adapters') adapter where deleted_at is null
    except
    select policy->>'key' from practice_rounds where policy is not null
    except
    select result->'value'->>'key' from practice_steps where name like 'round %/policy'`)
  return rows.map(({ key }) => key)
}

/** The objects are gone. Fences that no lease can be behind any more are of no further use. */
async function raiseFences(db: Db, keys: readonly string[]): Promise<void> {
  const { key, fence } = collectedObjects
  if (keys.length > 0)
    await db
      .update(collectedObjects)
      .set({ fence: sql`(select last_value from lease_tokens)` })
      .where(sql`${key} = any(${sql.param(keys)}::text[])`)
  const oldest = db
    .select({ token: sql`coalesce(min(${updates.leaseToken}), (select last_value from lease_tokens) + 1)` })
    .from(updates)
    .where(inArray(updates.state, [...RUNNING_STATES]))
  await db.delete(collectedObjects).where(lt(fence, sql`(${oldest})`))
}
