// What was sent to an endpoint, and sending it again. Everything here answers at once; the notifier does the sending,
// and the delivery tells what came of it.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { pageSchema } from '../../../shared/page.ts'
import { getDelivery, listDeliveries } from '../../../shared/webhooks/deliveries.ts'
import { DELIVERY_STATES, deliverySchema, deliveryWithLogSchema } from '../../../shared/webhooks/delivery.ts'
import { replayDelivery, replayInputSchema, replaySchema, replaySince } from '../../../shared/webhooks/replay.ts'
import { sendTestEvent } from '../../../shared/webhooks/send-test-event.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { idempotencyHeader, idParameter, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const delivery = deliverySchema.meta({ id: 'Delivery' })
const withLog = deliveryWithLogSchema.meta({ id: 'DeliveryWithLog' })
const params = idParameter('whk')
const deliveryParams = params.extend({ delivery_id: idParameter('dlv').shape.id })
const headers = idempotencyHeader
const tags = ['webhooks']

const queued = {
  description: 'To be sent; the delivery tells what comes of it.',
  headers: z.object({ Location: z.string().meta({ description: 'The delivery.' }) }),
  content: { 'application/json': { schema: withLog } },
}

const list = createRoute({
  method: 'get',
  path: '/{id}/deliveries',
  tags,
  summary: 'What was sent to an endpoint, the newest first',
  request: { params, query: pageQuery.extend({ state: z.enum(DELIVERY_STATES).optional() }) },
  responses: {
    200: { description: 'A page of deliveries.', content: { 'application/json': { schema: pageSchema(delivery) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}/deliveries/{delivery_id}',
  tags,
  summary: 'One delivery with its data and what came of each try',
  request: { params: deliveryParams },
  responses: {
    200: { description: 'The delivery.', content: { 'application/json': { schema: withLog } } },
    ...problems(400, 401, 404, 503),
  },
})

const replayOne = createRoute({
  method: 'post',
  path: '/{id}/deliveries/{delivery_id}/replay',
  tags,
  summary: 'Send one delivery again, under the same message id',
  request: { params: deliveryParams, headers },
  responses: { 202: queued, ...problems(400, 401, 404, 409, 422, 503) },
})

const replay = createRoute({
  method: 'post',
  path: '/{id}/replay',
  tags,
  summary: 'Send again what was missed since a moment, or everything',
  request: {
    params,
    headers,
    body: { required: true, content: { 'application/json': { schema: replayInputSchema.strict() } } },
  },
  responses: {
    202: {
      description: 'How many are to be sent.',
      headers: z.object({ Location: z.string().meta({ description: 'The deliveries that wait.' }) }),
      content: { 'application/json': { schema: replaySchema } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

const sendTest = createRoute({
  method: 'post',
  path: '/{id}/test',
  tags,
  summary: 'Send a `webhook.test` message, tried once',
  request: { params, headers },
  responses: { 202: queued, ...problems(400, 401, 404, 409, 422, 503) },
})

export function deliveryRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  for (const path of ['/:id/replay', '/:id/test', '/:id/deliveries/:delivery_id/replay'])
    router.use(path, honourIdempotencyKey(deps))
  router.openapi(list, async (c) => {
    const query = { webhookId: c.req.valid('param').id, ...c.req.valid('query') }
    return c.json(await listDeliveries(db, query), 200)
  })
  router.openapi(get, async (c) => {
    const { id, delivery_id: deliveryId } = c.req.valid('param')
    return c.json(await getDelivery(db, id, deliveryId), 200)
  })
  router.openapi(replayOne, async (c) => {
    const { id, delivery_id: deliveryId } = c.req.valid('param')
    const shown = await replayDelivery(db, id, deliveryId)
    return c.json(shown, 202, { Location: `/v1/webhooks/${id}/deliveries/${deliveryId}` })
  })
  router.openapi(replay, async (c) => {
    const { id } = c.req.valid('param')
    const replayed = await replaySince(db, id, c.req.valid('json'))
    return c.json(replayed, 202, { Location: `/v1/webhooks/${id}/deliveries?state=pending` })
  })
  router.openapi(sendTest, async (c) => {
    const { id } = c.req.valid('param')
    const shown = await sendTestEvent(db, id)
    return c.json(shown, 202, { Location: `/v1/webhooks/${id}/deliveries/${shown.id}` })
  })
  return router
}
