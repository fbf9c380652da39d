// What was asked and answered, question by question: the evidence behind each cell of the retention matrix and behind
// each verdict.
import { createRoute } from '@hono/zod-openapi'
import {
  evaluationSchema,
  listEvaluationsOfUpdate,
  listEvaluationsOfVersion,
} from '../../../shared/evaluations/list-evaluations.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { pageSchema } from '../../../shared/page.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { getVersion } from '../../../shared/versions/get-version.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { idParameter, pageQuery, versionParameter } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const evaluations = pageSchema(evaluationSchema.meta({ id: 'Evaluation' }))

const ofVersion = createRoute({
  method: 'get',
  path: '/models/{name}/versions/{version}/evaluations',
  tags: ['models'],
  summary: 'What a version answered when it was asked, document by document',
  description: 'Of several measurements of a document the latest; by document id.',
  request: {
    params: versionParameter,
    query: pageQuery.extend({
      document: idParameter('doc').shape.id.optional().meta({ description: 'Only this document.' }),
    }),
  },
  responses: {
    200: { description: 'A page of evaluations.', content: { 'application/json': { schema: evaluations } } },
    ...problems(400, 401, 404, 503),
  },
})

const ofUpdate = createRoute({
  method: 'get',
  path: '/updates/{id}/evaluations',
  tags: ['updates'],
  summary: 'What was answered on the way to its verdict',
  description:
    'Those of version 0 are the base before it was taught; the others are the candidate, `version` null where it was ' +
    'rejected. Empty until the update is decided.',
  request: { params: idParameter('upd'), query: pageQuery },
  responses: {
    200: { description: 'A page of evaluations.', content: { 'application/json': { schema: evaluations } } },
    ...problems(400, 401, 404, 503),
  },
})

/** Mounted at /v1: its paths lie below models and below updates. */
export function evaluationRoutes({ database }: ApiDeps): ApiRouter {
  const db = database.query
  const router = createRouter()
  router.openapi(ofVersion, async (c) => {
    const { name, version } = c.req.valid('param')
    const { document: documentId, ...page } = c.req.valid('query')
    const { id } = await getModel(db, name)
    const { number } = await getVersion(db, name, Number(version.replace('v', '')))
    return c.json(await listEvaluationsOfVersion(db, { modelId: id, version: number, documentId }, page), 200)
  })
  router.openapi(ofUpdate, async (c) => {
    const { id } = await getUpdate(db, c.req.valid('param').id)
    return c.json(await listEvaluationsOfUpdate(db, id, c.req.valid('query')), 200)
  })
  return router
}
