// Endpoints: made, listed, changed, given a new secret, removed. A rotated secret stays valid for a day beside the new
// one (deliveries are signed with both), so that no receiver must change in the same second.
import { randomBytes } from 'node:crypto'
import { asc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { parseWebhookUrl } from './webhook-url.ts'
import { EVENT_TYPES, type Webhook, type WebhookInput, type WebhookPatch, type WebhookWithSecret } from './webhook.ts'
import { webhooks } from './webhooks.table.ts'

/** http and private addresses may be called: for endpoints on one's own machine or network. */
export interface WebhookPolicy {
  allowPrivate: boolean
}

const rotationSeconds = 86_400

/** The only answer, beside the rotation's, that holds the secret. Throws invalid_request for a forbidden url. */
export async function createWebhook(db: Db, input: WebhookInput, policy: WebhookPolicy): Promise<WebhookWithSecret> {
  const values = {
    id: newId('whk'),
    url: parseWebhookUrl(input.url, policy).href,
    secret: input.secret ?? newSecret(),
    events: [...new Set(input.events ?? EVENT_TYPES)],
  }
  const [row] = await db.insert(webhooks).values(values).returning()
  return { ...webhookOf(found(row, values.id)), secret: values.secret }
}

/** Throws not_found. */
export async function getWebhook(db: Db, id: string): Promise<Webhook> {
  const [row] = await db.select().from(webhooks).where(eq(webhooks.id, id))
  return webhookOf(found(row, id))
}

/** Oldest first, at most `limit` after the webhook `after`. */
export async function listWebhooks(db: Db, { limit, after }: PageQuery): Promise<Page<Webhook>> {
  const rows = await db
    .select()
    .from(webhooks)
    .where(after === undefined ? undefined : gt(webhooks.id, after))
    .orderBy(asc(webhooks.id)) // ids sort by time
    .limit(limit + 1)
  return toPage(rows.map(webhookOf), limit)
}

/** Throws not_found, and invalid_request for a forbidden url. What waits for an endpoint goes on when it is enabled. */
export async function updateWebhook(db: Db, id: string, patch: WebhookPatch, policy: WebhookPolicy): Promise<Webhook> {
  const values = {
    ...(patch.url === undefined ? {} : { url: parseWebhookUrl(patch.url, policy).href }),
    ...(patch.events === undefined ? {} : { events: [...new Set(patch.events)] }),
    ...(patch.enabled === undefined ? {} : { enabled: patch.enabled, disabledReason: null }),
  }
  const [row] = await db.update(webhooks).set(values).where(eq(webhooks.id, id)).returning()
  return webhookOf(found(row, id))
}

/** A new secret; the old one is used beside it for a day. Throws not_found. */
export async function rotateWebhookSecret(db: Db, id: string): Promise<WebhookWithSecret> {
  const secret = newSecret()
  const [row] = await db
    .update(webhooks)
    .set({
      secret,
      previousSecret: sql`${webhooks.secret}`,
      previousSecretExpiresAt: sql`now() + make_interval(secs => ${rotationSeconds})`,
    })
    .where(eq(webhooks.id, id))
    .returning()
  return { ...webhookOf(found(row, id)), secret }
}

/** Removes it with its deliveries, sent or not. Throws not_found. */
export async function deleteWebhook(db: Db, id: string): Promise<void> {
  const [row] = await db.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id })
  found(row, id)
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function found<Row>(row: Row | undefined, id: string): Row {
  if (!row) throw new AppError('not_found', `There is no webhook ${id}.`)
  return row
}

function webhookOf(row: typeof webhooks.$inferSelect): Webhook {
  return {
    object: 'webhook',
    id: row.id,
    url: row.url,
    events: row.events,
    enabled: row.enabled,
    disabled_reason: row.disabledReason,
    created_at: unixSeconds(row.createdAt),
  }
}
