// Endpoints: made, listed, changed, given a new secret, removed. A rotated secret stays valid for a day beside the new
// one (deliveries are signed with both), so that no receiver must change in the same second.
import { randomBytes } from 'node:crypto'
import { and, asc, desc, eq, gt, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { findBound } from '../keys/find-bound.ts'
import { everything, withinModels, type Sight } from '../keys/of-caller.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import type { AllowPrivate } from './public-address.ts'
import { parseWebhookUrl } from './webhook-url.ts'
import {
  EVERY_EVENT,
  type EventFilter,
  type RotationInput,
  type Webhook,
  type WebhookInput,
  type WebhookPatch,
  type WebhookWithSecret,
} from './webhook.ts'
import { retiredSecrets, webhooks } from './webhooks.table.ts'

/** Where http and private addresses may be called: for endpoints on one's own machine or network. */
export interface WebhookPolicy {
  allowPrivate: AllowPrivate
}

const rotationSeconds = 86_400

/** Old secrets in use at once, for one who rotates again within the day: each is a signature in every header. */
const retiredMax = 4

/**
 * The only answer, beside the rotation's, that holds the secret. It is told about the models that `by` sees. Throws
 * invalid_request for a forbidden url.
 */
export async function createWebhook(
  db: Db,
  input: WebhookInput,
  policy: WebhookPolicy,
  by: Sight = everything,
): Promise<WebhookWithSecret> {
  const values = {
    id: newId('whk'),
    url: parseWebhookUrl(input.url, policy).href,
    secret: input.secret ?? newSecret(),
    events: toFilter(input.events ?? [EVERY_EVENT]),
    modelIds: by.models === null ? null : [...by.models.ids],
  }
  const [row] = await db.insert(webhooks).values(values).returning()
  return { ...(await showWebhook(db, found(row, values.id))), secret: values.secret }
}

/** As it stays until the transaction ends. Throws not_found. */
export async function lockWebhook(tx: Db, id: string): Promise<Webhook> {
  const [row] = await tx.select().from(webhooks).where(eq(webhooks.id, id)).for('update')
  return await showWebhook(tx, found(row, id))
}

/** Throws not_found. */
export async function getWebhook(db: Db, id: string): Promise<Webhook> {
  const [row] = await db.select().from(webhooks).where(eq(webhooks.id, id))
  return await showWebhook(db, found(row, id))
}

/** Oldest first, at most `limit` after the webhook `after`. */
export async function listWebhooks(
  db: Db,
  { limit, after }: PageQuery,
  by: Sight = everything,
): Promise<Page<Webhook>> {
  const rows = await db
    .select()
    .from(webhooks)
    .where(
      and(
        withinModels(webhooks.modelIds, by),
        after === undefined
          ? undefined
          : gt(webhooks.id, await getCursor(db, { id: webhooks.id, column: webhooks.id }, after)),
      ),
    )
    .orderBy(asc(webhooks.id)) // ids sort by time
    .limit(limit + 1)
  return toPage(await Promise.all(rows.map((row) => showWebhook(db, row))), limit)
}

/** Another address, or the word that it works again: what was known about failures is over. */
const sound = { failingSince: null, heldUntil: null }
const switched = { disabledReason: null, disabledAt: null }

/** Throws not_found, and invalid_request for a forbidden url. What waits for an endpoint goes on when it is enabled. */
export async function updateWebhook(db: Db, id: string, patch: WebhookPatch, policy: WebhookPolicy): Promise<Webhook> {
  const values = {
    ...(patch.url === undefined ? {} : { url: parseWebhookUrl(patch.url, policy).href, ...sound }),
    ...(patch.events === undefined ? {} : { events: toFilter(patch.events) }),
    ...(patch.enabled === undefined ? {} : { enabled: patch.enabled, ...switched, ...sound }),
  }
  const [row] = await db.update(webhooks).set(values).where(eq(webhooks.id, id)).returning()
  return await showWebhook(db, found(row, id))
}

/** A new secret; the old one is used beside it for a day, unless it is revoked. Throws not_found. */
export async function rotateWebhookSecret(db: Db, id: string, input: RotationInput = {}): Promise<WebhookWithSecret> {
  const secret = input.secret ?? newSecret()
  return await db.transaction(async (tx) => {
    const [before] = await tx.select().from(webhooks).where(eq(webhooks.id, id)).for('no key update')
    const { secret: old } = found(before, id)
    const retired = await tx
      .select({ secret: retiredSecrets.secret })
      .from(retiredSecrets)
      .where(and(eq(retiredSecrets.webhookId, id), gt(retiredSecrets.expiresAt, sql`now()`)))
      .orderBy(desc(retiredSecrets.expiresAt))
    const others = retired.map((row) => row.secret).filter((one) => one !== secret)
    const kept = input.revoke_previous ? [] : others.slice(0, retiredMax - 1)
    await tx
      .delete(retiredSecrets)
      .where(and(eq(retiredSecrets.webhookId, id), notInArray(retiredSecrets.secret, kept)))
    if (!input.revoke_previous && old !== secret) await retire(tx, id, old)
    const [row] = await tx.update(webhooks).set({ secret }).where(eq(webhooks.id, id)).returning()
    return { ...(await showWebhook(tx, found(row, id))), secret }
  })
}

async function retire(tx: Db, webhookId: string, secret: string): Promise<void> {
  const expiresAt = sql`now() + make_interval(secs => ${rotationSeconds})`
  await tx
    .insert(retiredSecrets)
    .values({ webhookId, secret, expiresAt })
    .onConflictDoUpdate({ target: [retiredSecrets.webhookId, retiredSecrets.secret], set: { expiresAt } })
}

/** Removes it with its deliveries, sent or not. Throws not_found. */
export async function deleteWebhook(db: Db, id: string): Promise<void> {
  const [row] = await db.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id })
  found(row, id)
}

/** Each once; beside all of them none is named. */
function toFilter(events: readonly EventFilter[]): EventFilter[] {
  return events.includes(EVERY_EVENT) ? [EVERY_EVENT] : [...new Set(events)]
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function found<Row>(row: Row | undefined, id: string): Row {
  if (!row) throw new AppError('not_found', `There is no webhook ${id}.`)
  return row
}

type Row = typeof webhooks.$inferSelect

/** On the wire. */
export async function showWebhook(db: Db, row: Row): Promise<Webhook> {
  const bound = await findBound(db, row.modelIds)
  return {
    object: 'webhook',
    id: row.id,
    url: row.url,
    events: row.events,
    enabled: row.enabled,
    models: bound && [...bound.names],
    disabled_reason: row.disabledReason,
    disabled_at: row.disabledAt && unixSeconds(row.disabledAt),
    failing_since: row.failingSince && unixSeconds(row.failingSince),
    held_until: row.heldUntil && unixSeconds(row.heldUntil),
    created_at: unixSeconds(row.createdAt),
  }
}
