// Readiness: documents can be taken and questions answered. Each missing part is named, all at once.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { publicRoute } from '../openapi.ts'
import { problemSchema } from '../problem.ts'
import { findMissing } from '../readiness.ts'
import { createRouter } from '../router.ts'

const health = createRoute({
  method: 'get',
  path: '/',
  ...publicRoute,
  tags: ['service'],
  summary: 'Whether documents can be taken and questions answered',
  responses: {
    200: {
      description: 'Ready.',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }).meta({ id: 'Health' }) } },
    },
    503: {
      description: 'Not ready; `missing` says what for.',
      content: {
        'application/problem+json': {
          schema: problemSchema
            .extend({ missing: z.array(z.object({ part: z.string(), detail: z.string() })) })
            .meta({ id: 'NotReady' }),
        },
      },
    },
  },
})

export function healthRoutes(deps: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(health, async (c) => {
    const missing = await findMissing(deps)
    if (missing.length === 0) return c.json({ status: 'ok' as const }, 200)
    const body = {
      type: 'urn:palimpsest:error:unavailable',
      title: 'Service Unavailable',
      status: 503,
      detail: `Not ready: ${missing.map(({ part, detail }) => `${part} (${detail})`).join('; ')}`,
      code: 'unavailable',
      missing,
    }
    return c.json(body, 503, { 'Content-Type': 'application/problem+json', 'Retry-After': '2' })
  })
  return router
}
