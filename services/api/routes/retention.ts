// What a model still knows: versions by documents, from the base in row 0 to the newest.
import { createRoute } from '@hono/zod-openapi'
import { getRetention, retentionSchema } from '../../../shared/evaluations/retention.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { modelNameParameter } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const get = createRoute({
  method: 'get',
  path: '/{name}/retention',
  tags: ['models'],
  summary: 'The retention matrix of a model with its figures',
  request: { params: modelNameParameter },
  responses: {
    200: {
      description: 'The matrix; null where a version was not asked.',
      content: { 'application/json': { schema: retentionSchema.meta({ id: 'Retention' }) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

export function retentionRoutes({ database }: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(get, async (c) => c.json(await getRetention(database.query, c.req.valid('param').name), 200))
  return router
}
