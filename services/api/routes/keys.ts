// Keys for callers. A secret is in the answer to POST and nowhere else. Whoever manages keys needs the scope `admin`, and
// sees and makes none that can do more than its own.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { keyInputSchema, keySchema, keyWithSecretSchema } from '../../../shared/keys/key.ts'
import { createKey, getKey, listKeys, revokeKey } from '../../../shared/keys/keys.ts'
import { pageSchema } from '../../../shared/page.ts'
import { needs, ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { idempotencyHeader, idParameter, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const key = keySchema.meta({ id: 'ApiKey' })
const params = idParameter('key')
const shared = { tags: ['keys'], ...needs('admin') }

const create = createRoute({
  method: 'post',
  path: '/',
  ...shared,
  ...ownedByCaller,
  summary: 'Make a key',
  description: 'With at most the scopes and models of the key that makes it. The secret is shown this once.',
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: keyInputSchema.meta({ id: 'ApiKeyInput' }) } } },
  },
  responses: {
    201: {
      description: 'Made; keep the secret.',
      headers: z.object({ Location: z.string().meta({ description: '`/v1/keys/ID`' }) }),
      content: { 'application/json': { schema: keyWithSecretSchema.meta({ id: 'ApiKeyWithSecret' }) } },
    },
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  method: 'get',
  path: '/',
  ...shared,
  ...ownedByCaller,
  summary: 'Keys, the newest first',
  request: { query: pageQuery },
  responses: {
    200: { description: 'A page of keys.', content: { 'application/json': { schema: pageSchema(key) } } },
    ...problems(400, 401, 403, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  ...shared,
  summary: 'One key',
  request: { params },
  responses: {
    200: { description: 'The key.', content: { 'application/json': { schema: key } } },
    ...problems(400, 401, 403, 404, 503),
  },
})

const revoke = createRoute({
  method: 'delete',
  path: '/{id}',
  ...shared,
  summary: 'Revoke a key: the next request with it is refused',
  request: { params },
  responses: { 204: { description: 'Revoked.' }, ...problems(400, 401, 403, 404, 503) },
})

export function keyRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  router.use('/', honourIdempotencyKey(deps, { omit: ['secret'] }))
  router.openapi(create, async (c) => {
    const made = await createKey(db, c.req.valid('json'), c.get('caller'))
    return c.json(made, 201, { Location: `/v1/keys/${made.id}` })
  })
  router.openapi(list, async (c) => c.json(await listKeys(db, c.req.valid('query'), c.get('caller')), 200))
  router.openapi(get, async (c) => c.json(await getKey(db, c.req.valid('param').id, c.get('caller')), 200))
  router.openapi(revoke, async (c) => {
    await revokeKey(db, c.req.valid('param').id, c.get('caller'))
    return c.body(null, 204)
  })
  return router
}
