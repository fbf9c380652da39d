// Alerts: what the monitor found damaged, question by question. They are written by the trainer; here they are read.
import { createRoute } from '@hono/zod-openapi'
import { alertSchema } from '../../../shared/alerts/alert.ts'
import { getAlert, listAlerts } from '../../../shared/alerts/alerts.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { pageSchema } from '../../../shared/page.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { idParameter, ofModelQuery, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const alert = alertSchema.meta({ id: 'Alert' })

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags: ['webhooks'],
  summary: 'Regressions, the newest first',
  request: { query: pageQuery.extend(ofModelQuery.shape) },
  responses: {
    200: { description: 'A page of alerts.', content: { 'application/json': { schema: pageSchema(alert) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags: ['webhooks'],
  summary: 'One regression with its evidence',
  request: { params: idParameter('alr') },
  responses: {
    200: { description: 'The alert.', content: { 'application/json': { schema: alert } } },
    ...problems(400, 401, 404, 503),
  },
})

export function alertRoutes({ database }: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(list, async (c) => {
    const query = c.req.valid('query')
    if (query.model !== undefined) await getModel(database.query, query.model)
    return c.json(await listAlerts(database.query, query, c.get('caller')), 200)
  })
  router.openapi(get, async (c) => c.json(await getAlert(database.query, c.req.valid('param').id), 200))
  return router
}
