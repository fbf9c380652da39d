// For Prometheus. It counts what all models do, so a key that is bound to some of them is refused.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiRouter } from '../deps.ts'
import type { Metrics } from '../metrics.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const get = createRoute({
  method: 'get',
  path: '/',
  tags: ['service'],
  summary: 'Figures for Prometheus',
  responses: {
    200: { description: "Prometheus's text format.", content: { 'text/plain': { schema: z.string() } } },
    ...problems(401, 503),
  },
})

export function metricRoutes(metrics: Metrics): ApiRouter {
  const router = createRouter()
  router.openapi(get, async (c) => c.text(await metrics.write(), 200, { 'Content-Type': metrics.contentType }))
  return router
}
