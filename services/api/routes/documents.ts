// Documents come in here. The answer is 202 with the update that will write the document into the model; the same text
// again is the same document and answers 200.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { createDocument } from '../../../shared/documents/create-document.ts'
import { deleteDocument } from '../../../shared/documents/delete-document.ts'
import { createDocumentSchema, documentSchema, documentWithTextSchema } from '../../../shared/documents/document.ts'
import { getDocument, listDocuments } from '../../../shared/documents/get-document.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { pageSchema } from '../../../shared/page.ts'
import { updateSchema } from '../../../shared/updates/update.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { parseModelName } from '../model-reference.ts'
import { idempotencyHeader, idParameter, ofModelQuery, pageQuery } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { readTextBody, textBodyQuery } from '../text-body.ts'

const tags = ['documents']
const document = documentSchema.meta({ id: 'Document' })
const location = z.object({ Location: z.string().meta({ description: 'The update, `/v1/updates/ID`.' }) })

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Give a model a document to learn',
  description:
    'As JSON, or the text itself as `text/plain` or `text/markdown` with title, model and review in the query. Several at ' +
    'once: `POST /v1/documents/batch`; files: `POST /v1/documents/upload`.',
  request: {
    headers: idempotencyHeader,
    query: textBodyQuery,
    body: {
      required: true,
      content: {
        'application/json': { schema: createDocumentSchema.strict().meta({ id: 'DocumentInput' }) },
        'text/plain': { schema: z.string() },
        'text/markdown': { schema: z.string() },
      },
    },
  },
  responses: {
    202: {
      description: 'Taken; the update is queued.',
      headers: location,
      content: { 'application/json': { schema: document } },
    },
    200: {
      description: 'This model was given the same text before.',
      headers: location,
      content: { 'application/json': { schema: document } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags,
  summary: 'Documents, the newest first',
  request: { query: pageQuery.extend(ofModelQuery.shape) },
  responses: {
    200: { description: 'A page of documents.', content: { 'application/json': { schema: pageSchema(document) } } },
    ...problems(400, 401, 404, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One document with its text',
  request: { params: idParameter('doc') },
  responses: {
    200: {
      description: 'The document.',
      content: { 'application/json': { schema: documentWithTextSchema.meta({ id: 'DocumentWithText' }) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Take a document out of what the model knows',
  description:
    'An update in its turn; one that is still teaching the document is cancelled. A document with an adapter of its own ' +
    '(`routed`) leaves with it, exactly. An adapter of several documents (`replay`, consolidated) is trained anew from the ' +
    'base without it; in a `sequential` model so is every adapter that was trained on top of it. `forgotten` then says how ' +
    "many of the document's questions the new version still answers, and how many the bare base does. Damage to other " +
    'documents is told as an alert and does not hold a deletion up. Older versions still hold the document: a rollback ' +
    'to one brings it back, and DELETE takes it out again.',
  request: { params: idParameter('doc') },
  responses: {
    202: {
      description: 'The update that takes it out; the same one when asked again meanwhile.',
      headers: location,
      content: { 'application/json': { schema: updateSchema.meta({ id: 'Update' }) } },
    },
    ...problems(400, 401, 404, 503),
  },
})

export function documentRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  router.use('/', readTextBody(), honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    // A text was made JSON before (text-body.ts).
    const input = c.req.valid('json') as z.output<typeof createDocumentSchema>
    const { document, created } = await createDocument(db, { ...input, model: parseModelName(input.model) })
    return c.json(document, created ? 202 : 200, { Location: `/v1/updates/${document.update_id}` })
  })
  router.openapi(list, async (c) => {
    const query = c.req.valid('query')
    if (query.model !== undefined) await getModel(db, query.model)
    return c.json(await listDocuments(db, query, c.get('caller')), 200)
  })
  router.openapi(get, async (c) => c.json(await getDocument(db, c.req.valid('param').id), 200))
  router.openapi(remove, async (c) => {
    const update = await deleteDocument(db, c.req.valid('param').id)
    return c.json(update, 202, { Location: `/v1/updates/${update.id}` })
  })
  return router
}
