// Aliases: names for versions that move by hand, by compare-and-set. The entity tag of the answer is what the next move
// names in `If-Match`.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  aliasNameSchema,
  aliasSchema,
  aliasTag,
  aliasWithHistorySchema,
  toAliasBody,
  toAliasWithHistory,
  type Alias,
} from '../../../shared/aliases/alias.ts'
import { getAlias, listAliases, listAliasMoves } from '../../../shared/aliases/get-alias.ts'
import { moveAlias, removeAlias } from '../../../shared/aliases/move-alias.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import type { Model } from '../../../shared/models/model.ts'
import { pageSchema } from '../../../shared/page.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { parseIfMatch } from '../entity-tag.ts'
import { cutPage } from '../page.ts'
import { modelNameParameter, pageQuery, versionNumber } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const tags = ['models']
const alias = aliasSchema.meta({ id: 'Alias' })
const withHistory = aliasWithHistorySchema.meta({ id: 'AliasWithHistory' })
const params = modelNameParameter.extend({
  alias: aliasNameSchema.meta({ description: 'The name of the alias.', example: 'champion' }),
})
const ifMatch = z.object({
  'if-match': z.string().optional().meta({
    description:
      'The `ETag` that was seen last, or `*`. Asked for (428) where the alias was set by hand; 412 where it moved.',
  }),
})
const etag = z.object({ ETag: z.string().meta({ description: 'What a move names in `If-Match`.' }) })

const list = createRoute({
  method: 'get',
  path: '/{name}/aliases',
  tags,
  summary: 'The aliases of a model, by name',
  request: { params: modelNameParameter, query: pageQuery },
  responses: {
    200: { description: 'A page of aliases.', content: { 'application/json': { schema: pageSchema(alias) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{name}/aliases/{alias}',
  tags,
  summary: 'One alias with the history of its moves',
  request: { params },
  responses: {
    200: { description: 'The alias.', headers: etag, content: { 'application/json': { schema: withHistory } } },
    ...problems(400, 401, 404, 503),
  },
})

const put = createRoute({
  method: 'put',
  path: '/{name}/aliases/{alias}',
  tags,
  summary: 'Point an alias to a version',
  description:
    'Makes the alias, or moves it by compare-and-set. `champion` follows the head until it is set here, and again after ' +
    'DELETE. Questions to `name@alias` are answered by that version from then on.',
  request: {
    params,
    headers: ifMatch,
    body: {
      required: true,
      content: {
        'application/json': { schema: z.strictObject({ version: versionNumber }).meta({ id: 'AliasInput' }) },
      },
    },
  },
  responses: {
    200: {
      description: 'The alias as it is now.',
      headers: etag,
      content: { 'application/json': { schema: withHistory } },
    },
    201: {
      description: 'The alias was made.',
      headers: etag,
      content: { 'application/json': { schema: withHistory } },
    },
    ...problems(400, 401, 404, 412, 413, 415, 428, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/{name}/aliases/{alias}',
  tags,
  summary: 'Take an alias away; `champion` follows the head again',
  request: { params, headers: ifMatch },
  responses: { 204: { description: 'It is gone.' }, ...problems(400, 401, 404, 412, 428, 503) },
})

export function aliasRoutes({ database }: ApiDeps): ApiRouter {
  const db = database.query
  const router = createRouter()
  const withMoves = async (model: Model, found: Alias) =>
    toAliasWithHistory(found, await listAliasMoves(db, model, found.name))
  router.openapi(list, async (c) => {
    const found = await listAliases(db, await getModel(db, c.req.valid('param').name))
    return c.json(cutPage(found.map(toAliasBody), c.req.valid('query')), 200)
  })
  router.openapi(get, async (c) => {
    const model = await getModel(db, c.req.valid('param').name)
    const found = await getAlias(db, model, c.req.valid('param').alias)
    return c.json(await withMoves(model, found), 200, { ETag: aliasTag(found) })
  })
  router.openapi(put, async (c) => {
    const { name: model, alias: name } = c.req.valid('param')
    const seen = parseIfMatch(c.req.valid('header')['if-match'])
    const { alias: moved, created } = await moveAlias(db, { model, name, version: c.req.valid('json').version, seen })
    const body = await withMoves(await getModel(db, model), moved)
    return c.json(body, created ? 201 : 200, { ETag: aliasTag(moved) })
  })
  router.openapi(remove, async (c) => {
    const { name: model, alias: name } = c.req.valid('param')
    await removeAlias(db, { model, name, seen: parseIfMatch(c.req.valid('header')['if-match']) })
    return c.body(null, 204)
  })
  return router
}
