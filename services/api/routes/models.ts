// Models, in the shape that OpenAI's clients list, with more in it. `default` is made when the API starts.
import { createRoute } from '@hono/zod-openapi'
import { getModel, listModels } from '../../../shared/models/get-model.ts'
import { modelSchema, toModelBody } from '../../../shared/models/model.ts'
import { pageSchema } from '../../../shared/page.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { cutPage } from '../page.ts'
import { modelNameParameter, pageQuery } from '../parameters.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'

const model = modelSchema.meta({ id: 'Model' })

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['models'],
  summary: 'All models, the oldest first',
  request: { query: pageQuery },
  responses: {
    200: { description: 'A page of models.', content: { 'application/json': { schema: pageSchema(model) } } },
    ...openAiProblems(400, 401, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{name}',
  tags: ['models'],
  summary: 'One model',
  request: { params: modelNameParameter },
  responses: {
    200: { description: 'The model.', content: { 'application/json': { schema: model } } },
    ...openAiProblems(400, 401, 404, 503),
  },
})

export function modelRoutes({ database }: ApiDeps): ApiRouter {
  const db = database.query
  const router = createRouter()
  router.openapi(list, async (c) => {
    const models = (await listModels(db)).map(toModelBody)
    return c.json(cutPage(models, c.req.valid('query')), 200)
  })
  router.openapi(get, async (c) => c.json(toModelBody(await getModel(db, c.req.valid('param').name)), 200))
  return router
}
