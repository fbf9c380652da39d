// Versions of a model, and the way back: a rollback makes an old version the head again, and the next question is
// answered by it.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { pageSchema } from '../../../shared/page.ts'
import { queueEvaluation } from '../../../shared/updates/queue-evaluation.ts'
import { queueConsolidation } from '../../../shared/updates/queue-consolidation.ts'
import { updateSchema } from '../../../shared/updates/update.ts'
import { getKeptVersion, getVersion, listVersions } from '../../../shared/versions/get-version.ts'
import { pinVersion, pruneVersions, pruningSchema } from '../../../shared/versions/prune-versions.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { toVersionBody, versionSchema } from '../../../shared/versions/version.ts'
import { openAdapterArchive } from '../adapter-archive.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import {
  idempotencyHeader,
  idParameter,
  ifMatchHeader,
  modelNameParameter,
  pageQuery,
  versionNumber,
  versionParameter,
} from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { requireMatch } from '../tag-answers.ts'

const tags = ['models']
const update = updateSchema.meta({ id: 'Update' })
const version = versionSchema.meta({ id: 'Version' })

const list = createRoute({
  method: 'get',
  path: '/{name}/versions',
  tags,
  summary: 'The versions of a model, the newest first',
  request: { params: modelNameParameter, query: pageQuery },
  responses: {
    200: { description: 'A page of versions.', content: { 'application/json': { schema: pageSchema(version) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{name}/versions/{version}',
  tags,
  summary: 'One version: what it is made of, its verdict, and when it was the head',
  request: { params: versionParameter },
  responses: {
    200: { description: 'The version.', content: { 'application/json': { schema: version } } },
    ...problems(400, 401, 404, 503),
  },
})

const adapter = createRoute({
  method: 'get',
  path: '/{name}/versions/{version}/adapter',
  tags,
  summary: "A version's adapters in PEFT's layout, as a ZIP",
  description:
    'A folder for each adapter with `adapter_config.json` and `adapter_model.safetensors`, as `PeftModel.from_pretrained` ' +
    'and vLLM read them, and `manifest.json`, which says what each was trained on and whether they act as their sum or ' +
    'one a question. With `document` the two files of its adapter lie at the top. A scale below 1 is in `lora_alpha`.',
  request: {
    params: versionParameter,
    query: z.object({
      document: idParameter('doc').shape.id.optional().meta({ description: 'Only the adapter of this document.' }),
    }),
  },
  responses: {
    200: {
      description: 'The archive.',
      content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

const pin = createRoute({
  method: 'put',
  path: '/{name}/versions/{version}',
  tags,
  summary: 'Keep a version, or let it go when its time comes',
  request: {
    params: versionParameter,
    headers: ifMatchHeader,
    body: {
      required: true,
      content: {
        'application/json': { schema: z.strictObject({ pinned: z.boolean() }).meta({ id: 'VersionChange' }) },
      },
    },
  },
  responses: {
    200: { description: 'The version.', content: { 'application/json': { schema: version } } },
    ...problems(400, 401, 404, 412, 413, 415, 503),
  },
})

const prune = createRoute({
  method: 'post',
  path: '/{name}/prune',
  tags,
  summary: 'Delete versions',
  description:
    'All but the newest `keep`, or exactly `versions`. The base, the head and its parent, versions that an alias names and ' +
    'pinned ones stay: among `versions` they are 409. What is known of a deleted version stays; it answers no more, and ' +
    '`POST /v1/garbage-collections` takes adapters that no other version has. `dry_run` only says what would go.',
  request: {
    params: modelNameParameter,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              keep: z.number().int().min(1).max(1_000_000).optional(),
              versions: z.array(versionNumber).min(1).max(10_000).optional(),
              dry_run: z.boolean().default(false),
            })
            .refine(({ keep, versions }) => (keep === undefined) !== (versions === undefined), {
              error: 'say either keep or versions',
            })
            .meta({ id: 'Prune' }),
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What went and what stayed.',
      content: { 'application/json': { schema: pruningSchema.meta({ id: 'Pruning' }) } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 503),
  },
})

const back = createRoute({
  method: 'post',
  path: '/{name}/rollback',
  tags,
  summary: 'Make an old version the head',
  request: {
    params: modelNameParameter,
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ version: versionNumber }).meta({ id: 'Rollback' }) } },
    },
  },
  responses: {
    200: { description: 'The version that is the head now.', content: { 'application/json': { schema: version } } },
    ...problems(400, 401, 404, 413, 415, 503),
  },
})

const consolidate = createRoute({
  method: 'post',
  path: '/{name}/consolidate',
  tags,
  summary: 'Make the adapters of the head one',
  description:
    'An update that trains one adapter for everything from the base, taught by the adapters it replaces. It is measured and ' +
    'may be rejected; promoted, it is a version with one adapter and no router.',
  request: { params: modelNameParameter, headers: idempotencyHeader },
  responses: {
    202: {
      description: 'The update is queued.',
      headers: z.object({ Location: z.string().meta({ description: 'The update, `/v1/updates/ID`.' }) }),
      content: { 'application/json': { schema: update } },
    },
    ...problems(400, 401, 404, 409, 422, 503),
  },
})

const evaluate = createRoute({
  method: 'post',
  path: '/{name}/evaluations',
  tags,
  summary: 'Ask the head all its questions again',
  description:
    'An update that changes nothing: it compares the answers with those that the version was made with. It ends `promoted` ' +
    'when nothing was lost, `rejected` when something was; then there is an alert, and with `auto_rollback` the parent ' +
    'answers again. `verdict.retention.noise_measured` is how far two measurements of one version lie apart, which later ' +
    'updates count as no difference. `reevaluate_hours` asks by itself.',
  request: { params: modelNameParameter, headers: idempotencyHeader },
  responses: {
    202: {
      description: 'The update is queued.',
      headers: z.object({ Location: z.string().meta({ description: 'The update, `/v1/updates/ID`.' }) }),
      content: { 'application/json': { schema: update } },
    },
    ...problems(400, 401, 404, 409, 422, 503),
  },
})

export function versionRoutes(deps: ApiDeps): ApiRouter {
  const { store } = deps
  const db = deps.database.query
  const router = createRouter()
  for (const path of ['/:name/consolidate', '/:name/evaluations']) router.use(path, honourIdempotencyKey(deps))
  router.openapi(list, async (c) => {
    return c.json(await listVersions(db, c.req.valid('param').name, c.req.valid('query')), 200)
  })
  router.openapi(get, async (c) => {
    const { name, version } = c.req.valid('param')
    return c.json(toVersionBody(await getVersion(db, name, Number(version.replace('v', '')))), 200)
  })
  router.openapi(adapter, async (c) => {
    const { name, version } = c.req.valid('param')
    const { document } = c.req.valid('query')
    const found = await getKeptVersion(db, name, Number(version.replace('v', '')))
    const archive = await openAdapterArchive(store, found, document)
    const file = `${name}-v${found.number}${document === undefined ? '' : `-${document}`}.zip`
    return c.body(archive, 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${file}"`,
    })
  })
  router.openapi(pin, async (c) => {
    const { name, version } = c.req.valid('param')
    const { pinned } = c.req.valid('json')
    const changed = await pinVersion(db, name, Number(version.replace('v', '')), pinned, (current) =>
      requireMatch(c, toVersionBody(current)),
    )
    return c.json(toVersionBody(changed), 200)
  })
  router.openapi(prune, async (c) => {
    const { keep, versions = [], dry_run: dryRun } = c.req.valid('json')
    const input = keep === undefined ? { versions } : { keep }
    return c.json(await pruneVersions(db, c.req.valid('param').name, input, dryRun), 200)
  })
  router.openapi(back, async (c) => {
    const { version } = c.req.valid('json')
    return c.json(toVersionBody(await rollback(db, c.req.valid('param').name, version)), 200)
  })
  router.openapi(consolidate, async (c) => {
    const queued = await queueConsolidation(db, c.req.valid('param').name)
    return c.json(queued, 202, { Location: `/v1/updates/${queued.id}` })
  })
  router.openapi(evaluate, async (c) => {
    const queued = await queueEvaluation(db, c.req.valid('param').name)
    return c.json(queued, 202, { Location: `/v1/updates/${queued.id}` })
  })
  return router
}
