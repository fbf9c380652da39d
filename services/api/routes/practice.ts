// Practice: a model gets better at studying. Long work, so a job: queued, followed, cancelled like an update, which it is.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { activatePolicy, listPolicies, policySchema } from '../../../shared/practice/policies.ts'
import { pageSchema } from '../../../shared/page.ts'
import { getPractice, listPractices } from '../../../shared/practice/get-practice.ts'
import { practiceInputSchema, practiceSchema } from '../../../shared/practice/practice.ts'
import { queuePractice } from '../../../shared/practice/queue-practice.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import {
  idempotencyHeader,
  idParameter,
  modelNameParameter,
  ofModelQuery,
  pageQuery,
  versionNumber,
} from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { answerEvents, updateEventSchema } from '../update-stream.ts'

const tags = ['practice']
const params = idParameter('prc')
const practice = practiceSchema.meta({ id: 'Practice' })
const policy = policySchema.meta({ id: 'Policy' })

const create = createRoute({
  method: 'post',
  path: '/models/{name}/practice',
  tags,
  summary: 'Let a model practise studying',
  description:
    'Rounds of ReST-EM: of each document `candidates` sets of self-edits are sampled, an adapter is trained on each, and ' +
    'the best is kept where it beats the base on the questions of the document. The policy, which is what writes ' +
    'self-edits, is fine-tuned on what was kept and examined on the held-out documents; the gate of the model decides ' +
    'whether it is promoted, and from then on it studies the documents of the model. Without `documents` and ' +
    '`held_out_documents` those with questions of the caller are taken in turns. With `strategies` a bandit first chooses ' +
    'among ways to study and train. Other updates pass between two steps. Answers of the model are not changed.',
  request: {
    params: modelNameParameter,
    headers: idempotencyHeader,
    body: {
      required: false,
      content: { 'application/json': { schema: practiceInputSchema.meta({ id: 'PracticeInput' }) } },
    },
  },
  responses: {
    202: {
      description: 'It is queued.',
      headers: z.object({ Location: z.string().meta({ description: 'The practice, `/v1/practice/ID`.' }) }),
      content: { 'application/json': { schema: practice } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/practice',
  tags,
  summary: 'Practices, the newest first',
  request: { query: pageQuery.extend(ofModelQuery.shape) },
  responses: {
    200: { description: 'A page of practices.', content: { 'application/json': { schema: pageSchema(practice) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/practice/{id}',
  tags,
  summary: 'One practice with its rounds',
  description:
    "Of a round: `reward` is the mean over documents of the best candidate's, `reward_of_all` of all; `reliability` how " +
    'much of the differences between candidates another training repeats (ICC(1)); `accuracy` the held-out questions ' +
    'answered after their documents were studied by the policy before and after the round.',
  request: { params },
  responses: {
    200: { description: 'The practice.', content: { 'application/json': { schema: practice } } },
    ...problems(400, 401, 404, 503),
  },
})

const events = createRoute({
  method: 'get',
  path: '/practice/{id}/events',
  tags,
  summary: 'What happens in a practice, as server-sent events',
  description: 'Those of its update, among them `candidates` for each document and `round` for each round that ends.',
  request: {
    params,
    headers: z.object({
      'last-event-id': z.string().optional().meta({ description: 'The id of the last event that was received.' }),
    }),
  },
  responses: {
    200: { description: 'Events with JSON data.', content: { 'text/event-stream': { schema: updateEventSchema } } },
    204: { description: 'It is over and every event was received.' },
    ...problems(400, 401, 404, 503),
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/practice/{id}/cancel',
  tags,
  summary: 'Stop a practice',
  description: 'Policies of rounds that ended stay.',
  request: { params },
  responses: {
    200: {
      description: 'The practice: cancelled, or with `cancel_requested` until its worker has stopped.',
      content: { 'application/json': { schema: practice } },
    },
    ...problems(400, 401, 404, 409, 503),
  },
})

const policies = createRoute({
  method: 'get',
  path: '/models/{name}/policies',
  tags,
  summary: 'The policies of a model, the newest first',
  description: 'A policy writes the self-edits. Each round that is promoted makes one; policy 0 came with the base.',
  request: { params: modelNameParameter },
  responses: {
    200: {
      description: 'All of them.',
      content: { 'application/json': { schema: z.object({ object: z.literal('list'), data: z.array(policy) }) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

const backToPolicy = createRoute({
  method: 'post',
  path: '/models/{name}/policies/rollback',
  tags,
  summary: 'Let an older policy write again',
  description:
    'From the next document that is studied on. Nothing is deleted, so the way forward is the same call; what was learned ' +
    'stays as it is (`POST /v1/models/NAME/rollback` is for that).',
  request: {
    params: modelNameParameter,
    body: {
      required: true,
      content: {
        'application/json': { schema: z.strictObject({ policy: versionNumber }).meta({ id: 'PolicyRollback' }) },
      },
    },
  },
  responses: {
    200: { description: 'The policy that is active now.', content: { 'application/json': { schema: policy } } },
    ...problems(400, 401, 404, 413, 415, 503),
  },
})

/** Mounted at /v1: it is made below models. */
export function practiceRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  router.use('/models/:name/practice', honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    // Without a body there is nothing to be validated, and no default.
    const input = practiceInputSchema.parse(c.req.valid('json') ?? {})
    const queued = await queuePractice(db, c.req.valid('param').name, input)
    return c.json(queued, 202, { Location: `/v1/practice/${queued.id}` })
  })
  router.openapi(policies, async (c) =>
    c.json({ object: 'list' as const, data: await listPolicies(db, c.req.valid('param').name) }, 200),
  )
  router.openapi(backToPolicy, async (c) =>
    c.json(await activatePolicy(db, c.req.valid('param').name, c.req.valid('json').policy), 200),
  )
  router.openapi(list, async (c) => {
    const query = c.req.valid('query')
    if (query.model !== undefined) await getModel(db, query.model)
    return c.json(await listPractices(db, query, c.get('caller')), 200)
  })
  router.openapi(get, async (c) => c.json(await getPractice(db, c.req.valid('param').id), 200))
  router.openapi(events, async (c) => {
    const { update_id: updateId } = await getPractice(db, c.req.valid('param').id)
    return answerEvents(deps, c, { updateId, lastEventId: c.req.valid('header')['last-event-id'] })
  })
  router.openapi(cancel, async (c) => {
    const { id } = c.req.valid('param')
    const { update_id: updateId } = await getPractice(db, id)
    await cancelUpdate(db, updateId)
    return c.json(await getPractice(db, id), 200)
  })
  return router
}
