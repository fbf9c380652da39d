// Updates: how far each is, what the model wrote for it, and a stream of what happens. Cancelling is a request while a
// worker is at it; the update says so until the worker has stopped.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { getModel } from '../../../shared/models/get-model.ts'
import { pageSchema } from '../../../shared/page.ts'
import { listSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import { selfEditChangeSchema, type SelfEditChange } from '../../../shared/self-edits/self-edit-change.ts'
import { selfEditSchema, toSelfEditBody } from '../../../shared/self-edits/self-edit.ts'
import { approveUpdate } from '../../../shared/updates/approve-update.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { getUpdate, listUpdates } from '../../../shared/updates/get-update.ts'
import { UPDATE_STATES, updateSchema } from '../../../shared/updates/update.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { cutPage } from '../page.ts'
import { idempotencyHeader, idParameter, ofModelQuery, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { answerEvents, updateEventSchema } from '../update-stream.ts'

const tags = ['updates']
const params = idParameter('upd')
const update = updateSchema.meta({ id: 'Update' })

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags,
  summary: 'Updates, the newest first',
  request: { query: pageQuery.extend({ ...ofModelQuery.shape, state: z.enum(UPDATE_STATES).optional() }) },
  responses: {
    200: { description: 'A page of updates.', content: { 'application/json': { schema: pageSchema(update) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One update with its progress and, in the end, its verdict',
  request: { params },
  responses: {
    200: { description: 'The update.', content: { 'application/json': { schema: update } } },
    ...problems(400, 401, 404, 503),
  },
})

const events = createRoute({
  method: 'get',
  path: '/{id}/events',
  tags,
  summary: 'What happens to an update, as server-sent events',
  description:
    'Ends after the final state. With `Last-Event-ID` it goes on behind that event; when nothing can come any more the ' +
    'answer is 204, which tells a browser not to connect again.',
  request: {
    params,
    headers: z.object({
      'last-event-id': z.string().optional().meta({ description: 'The id of the last event that was received.' }),
    }),
  },
  responses: {
    200: {
      description: 'Events `state`, `progress` and others, each with JSON data; comments keep the line open.',
      content: { 'text/event-stream': { schema: updateEventSchema } },
    },
    204: { description: 'The update is over and every event of it was received.' },
    ...problems(400, 401, 404, 503),
  },
})

const selfEdits = createRoute({
  method: 'get',
  path: '/{id}/self-edits',
  tags,
  summary: 'What was written or given for it, what was kept, and why the rest was dropped',
  request: { params, query: pageQuery },
  responses: {
    200: {
      description: 'A page of self-edits, in the order they were written.',
      content: { 'application/json': { schema: pageSchema(selfEditSchema.meta({ id: 'SelfEdit' })) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

const cancel = createRoute({
  method: 'post',
  path: '/{id}/cancel',
  tags,
  summary: 'Stop an update',
  request: { params },
  responses: {
    200: {
      description: 'The update: cancelled, or with `cancel_requested` until its worker has stopped.',
      content: { 'application/json': { schema: update } },
    },
    ...problems(400, 401, 404, 409, 503),
  },
})

const approve = createRoute({
  method: 'post',
  path: '/{id}/approve',
  tags,
  summary: 'Train what was reviewed',
  description:
    'For an update in `awaiting_review` (`review: true`). Changes are all made or none; without any the self-edits are ' +
    'approved as they are. Self-edits that are held out are the probes: reworded, they are asked in the new words. An added ' +
    'or reworded one may not ask what measures the document. The update is then queued behind those that its model was given ' +
    'meanwhile, which never wait for a review.',
  request: {
    params,
    headers: idempotencyHeader,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z
            .strictObject({ self_edits: z.array(selfEditChangeSchema).max(1_000).default([]) })
            .meta({ id: 'Approval' }),
        },
      },
    },
  },
  responses: {
    202: {
      description: 'The update is queued for its training.',
      headers: z.object({ Location: z.string().meta({ description: 'The update, `/v1/updates/ID`.' }) }),
      content: { 'application/json': { schema: update } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

export function updateRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  router.openapi(list, async (c) => {
    const query = c.req.valid('query')
    if (query.model !== undefined) await getModel(db, query.model)
    return c.json(await listUpdates(db, query, c.get('caller')), 200)
  })
  router.openapi(get, async (c) => c.json(await getUpdate(db, c.req.valid('param').id), 200))
  router.openapi(events, async (c) =>
    answerEvents(deps, c, {
      updateId: c.req.valid('param').id,
      lastEventId: c.req.valid('header')['last-event-id'],
    }),
  )
  router.openapi(selfEdits, async (c) => {
    const { id } = c.req.valid('param')
    await getUpdate(db, id)
    const written = (await listSelfEdits(db, id)).map(toSelfEditBody)
    return c.json(cutPage(written, c.req.valid('query')), 200)
  })
  router.use('/:id/approve', honourIdempotencyKey(deps))
  router.openapi(approve, async (c) => {
    const { id } = c.req.valid('param')
    // Without a body there is nothing to be validated, and no default.
    const { self_edits: changes = [] } = c.req.valid('json') as { self_edits?: SelfEditChange[] }
    return c.json(await approveUpdate(db, id, changes), 202, { Location: `/v1/updates/${id}` })
  })
  router.openapi(cancel, async (c) => c.json(await cancelUpdate(db, c.req.valid('param').id), 200))
  return router
}
