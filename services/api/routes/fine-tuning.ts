// Fine-tuning jobs of OpenAI's clients: a training file becomes documents, each with an update of the model that is there
// already. What OpenAI lets one set about training is `auto` here; how a model learns is its settings.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  checkpointSchema,
  jobEventSchema,
  listCheckpoints,
  listJobEvents,
} from '../../../shared/fine-tuning/job-events.ts'
import { jobSchema } from '../../../shared/fine-tuning/job.ts'
import { cancelJob, createJob, getJob, listJobs } from '../../../shared/fine-tuning/jobs.ts'
import { pageSchema } from '../../../shared/page.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { parseModelName } from '../model-reference.ts'
import { noneOf } from '../openai/parameters.ts'
import { cutPage } from '../page.ts'
import { idempotencyHeader, idParameter, pageQuery } from '../parameters.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'

const tags = ['fine-tuning']
const params = idParameter('ftj')
const job = jobSchema.meta({ id: 'FineTuningJob' })
const fileId = z.string().min(1).max(64)
const auto = z.literal('auto', { error: 'is chosen by the service: leave it out, or send "auto"' }).optional()
const hyperparameters = z.strictObject({ n_epochs: auto, batch_size: auto, learning_rate_multiplier: auto }).nullish()
const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((entries) => Object.keys(entries).length <= 16, {
    error: 'has over 16 entries',
  })

const jobInputSchema = z
  .strictObject({
    model: z.string().meta({ description: 'The name of the model that learns.', example: 'default' }),
    training_file: fileId,
    validation_file: fileId.nullish().meta({
      description: 'Chats or pairs that are asked after every update and never trained, at most 200.',
    }),
    hyperparameters,
    method: z
      .strictObject({
        type: z.literal('supervised', { error: 'must be supervised' }),
        supervised: z.strictObject({ hyperparameters }).nullish(),
      })
      .nullish(),
    suffix: z.null({ error: 'is not supported: the model itself learns; POST /v1/models makes another' }).optional(),
    seed: z.null({ error: 'is not supported here: leave it out' }).optional(),
    integrations: noneOf(),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'FineTuningJobInput' })

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Have a model learn a training file',
  description:
    'Each document of the file is an update of its own; the chats and pairs together are one for each thousand. Without a ' +
    'validation file up to a quarter of the chats is held out to ask by. The job has succeeded once all were promoted; ' +
    'then `fine_tuned_model` is `name@vN`.',
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: jobInputSchema } } },
  },
  responses: {
    200: { description: 'The job.', content: { 'application/json': { schema: job } } },
    ...openAiProblems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags,
  summary: 'All jobs, the newest first',
  request: { query: pageQuery },
  responses: {
    200: { description: 'A page of jobs.', content: { 'application/json': { schema: pageSchema(job) } } },
    ...openAiProblems(400, 401, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One job',
  request: { params },
  responses: {
    200: { description: 'The job.', content: { 'application/json': { schema: job } } },
    ...openAiProblems(400, 401, 404, 503),
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/{id}/cancel',
  tags,
  summary: 'Cancel a job; what was promoted stays',
  request: { params },
  responses: {
    200: { description: 'The job.', content: { 'application/json': { schema: job } } },
    ...openAiProblems(400, 401, 404, 409, 503),
  },
})

const events = createRoute({
  method: 'get',
  path: '/{id}/events',
  tags,
  summary: 'What happened to a job, the newest first',
  request: { params, query: pageQuery },
  responses: {
    200: {
      description: 'A page of events.',
      content: { 'application/json': { schema: pageSchema(jobEventSchema.meta({ id: 'FineTuningJobEvent' })) } },
    },
    ...openAiProblems(400, 401, 404, 503),
  },
})

const checkpoints = createRoute({
  method: 'get',
  path: '/{id}/checkpoints',
  tags,
  summary: 'The versions that a job made, the newest first',
  request: { params, query: pageQuery },
  responses: {
    200: {
      description: 'A page of checkpoints.',
      content: { 'application/json': { schema: pageSchema(checkpointSchema.meta({ id: 'FineTuningJobCheckpoint' })) } },
    },
    ...openAiProblems(400, 401, 404, 503),
  },
})

export function fineTuningRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  router.use('/', honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    const { model, training_file: trainingFile, validation_file: validationFile, metadata } = c.req.valid('json')
    const input = { model: parseModelName(model), trainingFile, validationFile: validationFile ?? null }
    return c.json(await createJob(db, deps.store, { ...input, metadata: metadata ?? null }), 200)
  })
  router.openapi(list, async (c) => c.json(await listJobs(db, c.req.valid('query'), c.get('caller')), 200))
  router.openapi(get, async (c) => c.json(await getJob(db, c.req.valid('param').id), 200))
  router.openapi(cancel, async (c) => c.json(await cancelJob(db, c.req.valid('param').id), 200))
  router.openapi(events, async (c) => {
    const found = await getJob(db, c.req.valid('param').id)
    return c.json(await listJobEvents(db, found, c.req.valid('query')), 200)
  })
  router.openapi(checkpoints, async (c) => {
    const found = await getJob(db, c.req.valid('param').id)
    return c.json(cutPage(await listCheckpoints(db, found), c.req.valid('query')), 200)
  })
  return router
}
