// Files over the limit of a request: the sender puts them into the bucket itself, by an address signed for it, and they
// become documents as other files do.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { createDocuments } from '../../../shared/documents/create-documents.ts'
import { getModelById } from '../../../shared/models/get-model.ts'
import { uploadInputSchema, uploadKey, uploadSchema } from '../../../shared/uploads/upload.ts'
import { completeUpload, createUpload, getUpload, readUpload } from '../../../shared/uploads/uploads.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { oneAtATime } from '../extract/one-at-a-time.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { parseModelName } from '../model-reference.ts'
import { idempotencyHeader, idParameter } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'
import { chunkWords, sendTaken, takenResponses } from './document-batches.ts'

const tags = ['documents']

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Announce a large file',
  description:
    'For files of up to 64 MB, where objects are kept in S3: PUT the bytes to `url` with the `headers` of the answer within a ' +
    'quarter of an hour, then complete the upload. Where objects are kept in a folder the answer is 409.',
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: { 'application/json': { schema: uploadInputSchema.meta({ id: 'UploadInput' }) } },
    },
  },
  responses: {
    201: {
      description: 'Where to put the file.',
      content: { 'application/json': { schema: uploadSchema.meta({ id: 'Upload' }) } },
    },
    ...problems(400, 401, 404, 409, 413, 415, 422, 503),
  },
})

const complete = createRoute({
  method: 'post',
  path: '/{id}/complete',
  tags,
  summary: 'Make documents of a file that was put',
  description:
    'As `POST /v1/documents/upload` does. A refused file stays, and can be completed again until it is taken.',
  request: {
    headers: idempotencyHeader,
    params: idParameter('upl'),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              title: z.string().optional(),
              chunk_words: chunkWords.default(600),
              review: z.boolean().default(false),
            })
            .meta({ id: 'UploadCompletion' }),
        },
      },
    },
  },
  responses: { ...takenResponses, ...problems(400, 401, 404, 409, 413, 415, 422, 503) },
})

export function uploadRoutes(deps: ApiDeps): ApiRouter {
  const { store, extractor } = deps
  const db = deps.database.query
  // A file of 64 MB is in memory several times over while it is read.
  const inTurn = oneAtATime()
  const router = createRouter()
  router.use(honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    const input = c.req.valid('json')
    return c.json(await createUpload(db, store, { ...input, model: parseModelName(input.model) }), 201)
  })
  router.openapi(complete, async (c) => {
    const { id } = c.req.valid('param')
    const { title, chunk_words: wordsMax, review } = c.req.valid('json')
    const upload = await getUpload(db, id)
    const { filename: name, mediaType: type } = upload
    const read = await inTurn(async () => extractor.extract({ name, type, bytes: await readUpload(store, upload) }))
    const { name: model } = await getModelById(db, upload.modelId)
    const input = { model, title: title ?? read.title, text: read.text, review }
    const created = await db.transaction(async (tx) => {
      await completeUpload(tx, id)
      return await createDocuments(tx, [{ input, wordsMax, field: 'file' }])
    })
    await store.delete(uploadKey(id)).catch((error: unknown) => {
      deps.log.warn({ err: error, upload_id: id }, 'the object of a taken upload was left lying')
    })
    return sendTaken(c, model, created)
  })
  return router
}
