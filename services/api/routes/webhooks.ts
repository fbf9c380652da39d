// Endpoints that are told what happened; what was sent to them is in deliveries.ts. The secret is in the answer to POST and to
// rotate-secret, and nowhere else.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { pageSchema } from '../../../shared/page.ts'
import {
  rotationInputSchema,
  webhookInputSchema,
  webhookPatchSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '../../../shared/webhooks/webhook.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  lockWebhook,
  rotateWebhookSecret,
  updateWebhook,
} from '../../../shared/webhooks/webhooks.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { idempotencyHeader, idParameter, ifMatchHeader, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { requireMatch } from '../tag-answers.ts'

const webhook = webhookSchema.meta({ id: 'Webhook' })
const withSecret = webhookWithSecretSchema.meta({ id: 'WebhookWithSecret' })
const params = idParameter('whk')
const tags = ['webhooks']

const create = createRoute({
  ...ownedByCaller,
  method: 'post',
  path: '/',
  tags,
  summary: 'Tell an endpoint what happens, signed as Standard Webhooks says',
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: webhookInputSchema.strict() } } },
  },
  responses: {
    201: {
      description: 'Made; keep the secret.',
      headers: z.object({ Location: z.string().meta({ description: '`/v1/webhooks/ID`' }) }),
      content: { 'application/json': { schema: withSecret } },
    },
    ...problems(400, 401, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags,
  summary: 'All endpoints, the oldest first',
  request: { query: pageQuery },
  responses: {
    200: { description: 'A page of endpoints.', content: { 'application/json': { schema: pageSchema(webhook) } } },
    ...problems(400, 401, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One endpoint',
  request: { params },
  responses: {
    200: { description: 'The endpoint.', content: { 'application/json': { schema: webhook } } },
    ...problems(400, 401, 404, 503),
  },
})

const patch = createRoute({
  method: 'patch',
  path: '/{id}',
  tags,
  summary: 'Change an endpoint, or take it back after it was disabled',
  request: {
    params,
    headers: ifMatchHeader,
    body: { required: true, content: { 'application/json': { schema: webhookPatchSchema } } },
  },
  responses: {
    200: { description: 'The endpoint as it is now.', content: { 'application/json': { schema: webhook } } },
    ...problems(400, 401, 404, 412, 413, 415, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Remove an endpoint with its deliveries, sent or not',
  request: { params, headers: ifMatchHeader },
  responses: { 204: { description: 'Removed.' }, ...problems(400, 401, 404, 412, 503) },
})

const rotate = createRoute({
  method: 'post',
  path: '/{id}/rotate-secret',
  tags,
  summary: 'A new secret; for a day deliveries are signed with the old one too',
  description: 'The body may be left out. `revoke_previous` ends the old secrets at once: for one that has leaked.',
  request: {
    params,
    headers: idempotencyHeader,
    body: { required: false, content: { 'application/json': { schema: rotationInputSchema.strict() } } },
  },
  responses: {
    200: { description: 'The new secret.', content: { 'application/json': { schema: withSecret } } },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

export function webhookRoutes(deps: ApiDeps): ApiRouter {
  const { webhookPolicy } = deps
  const db = deps.database.query
  const router = createRouter()
  router.use('/', honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    const { url, events, secret } = c.req.valid('json')
    const input = { url, ...(events ? { events } : {}), ...(secret ? { secret } : {}) }
    const made = await createWebhook(db, input, webhookPolicy, c.get('caller'))
    return c.json(made, 201, { Location: `/v1/webhooks/${made.id}` })
  })
  router.openapi(list, async (c) => {
    return c.json(await listWebhooks(db, c.req.valid('query'), c.get('caller')), 200)
  })
  router.openapi(get, async (c) => c.json(await getWebhook(db, c.req.valid('param').id), 200))
  router.openapi(patch, async (c) => {
    const { id } = c.req.valid('param')
    const changed = await db.transaction(async (tx) => {
      requireMatch(c, await lockWebhook(tx, id))
      return await updateWebhook(tx, id, c.req.valid('json'), webhookPolicy)
    })
    return c.json(changed, 200)
  })
  router.openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    await db.transaction(async (tx) => {
      requireMatch(c, await lockWebhook(tx, id))
      await deleteWebhook(tx, id)
    })
    return c.body(null, 204)
  })
  router.use('/:id/rotate-secret', honourIdempotencyKey(deps))
  router.openapi(rotate, async (c) => {
    const { secret, revoke_previous } = c.req.valid('json')
    const input = { ...(secret ? { secret } : {}), ...(revoke_previous ? { revoke_previous } : {}) }
    return c.json(await rotateWebhookSecret(db, c.req.valid('param').id, input), 200)
  })
  return router
}
