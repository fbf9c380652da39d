// What changed a model and who did it. Entries are written by services/api/write-audit.ts for every call that changes
// something, and by the trainer with each promotion.
import { createRoute } from '@hono/zod-openapi'
import { auditEntrySchema, listAudit } from '../../../shared/audit/audit.ts'
import { pageSchema } from '../../../shared/page.ts'
import { needs, ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { ofModelQuery, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const list = createRoute({
  method: 'get',
  path: '/',
  ...needs('admin'),
  ...ownedByCaller,
  tags: ['keys'],
  summary: 'What changed models, the newest first',
  request: { query: pageQuery.extend(ofModelQuery.shape) },
  responses: {
    200: {
      description: 'A page of entries. A model that is gone still has its own.',
      content: { 'application/json': { schema: pageSchema(auditEntrySchema.meta({ id: 'AuditEntry' })) } },
    },
    ...problems(400, 401, 403, 503),
  },
})

export function auditRoutes({ database }: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(list, async (c) => {
    return c.json(await listAudit(database.query, c.req.valid('query'), c.get('caller')), 200)
  })
  return router
}
