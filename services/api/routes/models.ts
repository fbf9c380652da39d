// Models, in the shape that OpenAI's clients list, with more in it. `default` is made when the API starts, others here,
// on the base that this service runs.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { createModel } from '../../../shared/models/create-model.ts'
import { deleteModel } from '../../../shared/models/delete-model.ts'
import { listModels } from '../../../shared/models/get-model.ts'
import { modelSchema, toModelBody } from '../../../shared/models/model.ts'
import { modelSettingsSchema, patchSettings, settingsPatchSchema } from '../../../shared/models/settings.ts'
import { pageSchema } from '../../../shared/page.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { modelReferenceDescription, resolveModel } from '../model-reference.ts'
import { cutPage } from '../page.ts'
import { idempotencyHeader, ifMatchHeader, modelNameParameter, pageQuery } from '../parameters.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { requireMatch } from '../tag-answers.ts'

const model = modelSchema.meta({ id: 'Model' })

const list = createRoute({
  ...ownedByCaller,
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
  description: 'By its name; `name@alias` and `name@vN` are found as well and say in `version` what they stand for.',
  request: {
    params: z.object({ name: z.string().meta({ description: modelReferenceDescription, example: 'default' }) }),
  },
  responses: {
    200: { description: 'The model.', content: { 'application/json': { schema: model } } },
    ...openAiProblems(400, 401, 404, 503),
  },
})

const create = createRoute({
  method: 'post',
  path: '/',
  tags: ['models'],
  summary: 'Make a model',
  description:
    'Of `settings`, what is left out gets its default. `strategy`: `routed` trains one adapter a document and picks by ' +
    'question; `replay` trains one adapter on a share of everything stored; `sequential` adds adapter to adapter. ' +
    '`gate.preset` is `default` or `stable` (arXiv 2510.16089). `study.shares` names the formats of self-edits that are ' +
    'written and the weight of each in the tokens trained, `study.trained_tokens_max` those tokens for one document. ' +
    '`router` sets how versions made from now on find the document of a question, null being the rule of the day. With ' +
    '`reevaluate_hours` the head is asked all its questions again when that was last done so long ago. `keep_versions` ' +
    'deletes older versions at each promotion, but for the head and its parent, those that an alias names and pinned ones.',
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: settingsPatchSchema
            .extend({
              name: modelNameParameter.shape.name,
              base: z.string().optional().meta({ description: 'Only the base that this service runs.' }),
            })
            .meta({ id: 'ModelInput' }),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'The model; its version 0 is the base.',
      headers: z.object({ Location: z.string().meta({ description: '`/v1/models/NAME`' }) }),
      content: { 'application/json': { schema: model } },
    },
    ...openAiProblems(400, 401, 409, 413, 415, 422, 503),
  },
})

const change = createRoute({
  method: 'patch',
  path: '/{name}',
  tags: ['models'],
  summary: "Change a model's settings",
  description:
    'What is left out stays. Holds from the next update on. Another strategy is refused with 409 while updates are under ' +
    'way, and where it cannot go on from the head: `routed` goes on from the base, a routed version or one adapter, ' +
    '`sequential` from the base, a sequential version or one adapter, `replay` from anything.',
  request: {
    params: modelNameParameter,
    headers: ifMatchHeader,
    body: {
      required: true,
      content: { 'application/json': { schema: settingsPatchSchema.meta({ id: 'ModelSettingsPatch' }) } },
    },
  },
  responses: {
    200: { description: 'The model.', content: { 'application/json': { schema: model } } },
    ...openAiProblems(400, 401, 404, 409, 412, 413, 415, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/{name}',
  tags: ['models'],
  summary: 'Delete a model with its documents, updates and versions',
  description: 'For good; what is under way for it is stopped. The model `default` stays (409).',
  request: { params: modelNameParameter, headers: ifMatchHeader },
  responses: {
    200: {
      description: 'It is gone.',
      content: {
        'application/json': {
          schema: z
            .object({ id: z.string(), object: z.literal('model'), deleted: z.literal(true) })
            .meta({ id: 'ModelDeleted' }),
        },
      },
    },
    ...openAiProblems(400, 401, 404, 409, 412, 503),
  },
})

export function modelRoutes(deps: ApiDeps): ApiRouter {
  const { base } = deps
  const db = deps.database.query
  const router = createRouter()
  router.use('/', honourIdempotencyKey(deps))
  router.openapi(list, async (c) => {
    const models = (await listModels(db, c.get('caller'))).map(toModelBody)
    return c.json(cutPage(models, c.req.valid('query')), 200)
  })
  router.openapi(get, async (c) => {
    const id = c.req.valid('param').name
    const { model: found, version } = await resolveModel(db, id)
    const named = id === found.name ? {} : { id, version: version ?? found.headVersion }
    return c.json({ ...toModelBody(found), ...named }, 200)
  })
  router.openapi(create, async (c) => {
    const { name, base: wanted = base, ...patch } = c.req.valid('json')
    if (wanted !== base)
      throw new AppError('invalid_request', `this service runs the base ${base}; BASE_MODEL chooses another`, {
        field: 'base',
      })
    const settings = patchSettings(modelSettingsSchema.parse({}), patch)
    const made = await createModel(db, { name, base, settings })
    return c.json(toModelBody(made), 201, { Location: `/v1/models/${name}` })
  })
  router.openapi(change, async (c) => {
    const changed = await changeSettings(db, c.req.valid('param').name, c.req.valid('json'), (current) =>
      requireMatch(c, toModelBody(current)),
    )
    return c.json(toModelBody(changed), 200)
  })
  router.openapi(remove, async (c) => {
    const { name } = c.req.valid('param')
    await deleteModel(db, name, (current) => requireMatch(c, toModelBody(current)))
    return c.json({ id: name, object: 'model' as const, deleted: true as const }, 200)
  })
  return router
}
