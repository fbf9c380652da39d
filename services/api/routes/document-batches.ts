// Many documents in one call: a list of texts, or files of which each becomes one document or, where it is long, several.
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { z } from 'zod'
import type { CreatedDocument } from '../../../shared/documents/create-document.ts'
import { createDocuments, type DocumentToCut } from '../../../shared/documents/create-documents.ts'
import { createDocumentSchema, documentSchema } from '../../../shared/documents/document.ts'
import { AppError } from '../../../shared/errors.ts'
import { pageSchema, toPage } from '../../../shared/page.ts'
import type { ApiDeps, ApiEnv, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { parseModelName } from '../model-reference.ts'
import { idempotencyHeader } from '../parameters.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

const tags = ['documents']
const filesMax = 20
/** What a document's token budget is made for; see docs/documents.md. */
export const chunkWords = z.coerce.number().int().min(100).max(200_000)
const content = { 'application/json': { schema: pageSchema(documentSchema.meta({ id: 'Document' })) } }
const headers = z.object({ Location: z.string().meta({ description: "The model's updates, the newest first." }) })
export const takenResponses = {
  202: { description: 'Taken; an update is queued for each, in this order.', headers, content },
  200: { description: 'The model was given all of these texts before.', headers, content },
}

const batch = createRoute({
  method: 'post',
  path: '/batch',
  tags,
  summary: 'Give a model several documents',
  description:
    'All are taken or none. With `chunk_words` a longer text is cut into several documents that keep its title.',
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              model: z.string().default('default'),
              documents: z
                .array(createDocumentSchema.omit({ model: true }).strict())
                .min(1)
                .max(100),
              chunk_words: chunkWords.optional(),
            })
            .meta({ id: 'DocumentBatch' }),
        },
      },
    },
  },
  responses: { ...takenResponses, ...problems(400, 401, 404, 409, 413, 415, 422, 503) },
})

const file = z.custom<File>((value) => value instanceof File).meta({ type: 'string', format: 'binary' })

const upload = createRoute({
  method: 'post',
  path: '/upload',
  tags,
  summary: 'Give a model files: PDF, DOCX, HTML, Markdown or plain text',
  description:
    'Up to 16 MB together. The title is the one given, the file’s own, or its name. A text of more than `chunk_words` words is ' +
    'cut into several documents, at headings and paragraphs where it can be, each with the title and its heading.',
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z
            .strictObject({
              file: z.union([file, z.array(file).max(filesMax)], {
                error: `must be one to ${filesMax} files, each with its file name`,
              }),
              model: z.string().default('default'),
              title: z.string().optional(),
              chunk_words: chunkWords.default(600),
              review: z.enum(['true', 'false']).default('false'),
            })
            .meta({ id: 'DocumentUpload' }),
        },
      },
    },
  },
  responses: { ...takenResponses, ...problems(400, 401, 404, 409, 413, 415, 422, 503) },
})

export function documentBatchRoutes(deps: ApiDeps): ApiRouter {
  const db = deps.database.query
  const router = createRouter()
  for (const path of ['/batch', '/upload']) router.use(path, honourIdempotencyKey(deps))
  router.openapi(batch, async (c) => {
    const { model: reference, documents, chunk_words: wordsMax = null } = c.req.valid('json')
    const model = parseModelName(reference)
    const given = documents.map((input, index) => ({
      ...{ input: { ...input, model }, wordsMax, field: `documents.${index}` },
    }))
    const created = await createDocuments(db, given)
    return sendTaken(c, model, created)
  })
  router.openapi(upload, async (c) => {
    const { file: sent, model: reference, title, chunk_words: wordsMax, review } = c.req.valid('form')
    const files = [sent].flat()
    if (title !== undefined && files.length > 1)
      throw new AppError('invalid_request', 'title goes with one file; several have their own', { field: 'title' })
    const model = parseModelName(reference)
    const given: DocumentToCut[] = []
    for (const [index, one] of files.entries()) {
      const bytes = new Uint8Array(await one.arrayBuffer())
      const read = await deps.extractor.extract({ name: one.name, type: one.type, bytes })
      const input = { model, title: title ?? read.title, text: read.text, review: review === 'true' }
      given.push({ input, wordsMax, field: `file.${index}` })
    }
    const created = await createDocuments(db, given)
    return sendTaken(c, model, created)
  })
  return router
}

/** The documents, in the order they were sent. */
export function sendTaken(c: Context<ApiEnv>, model: string, created: readonly CreatedDocument[]) {
  const documents = created.map(({ document }) => document)
  const status = created.some((each) => each.created) ? 202 : 200
  return c.json(toPage(documents, documents.length), status, { Location: `/v1/updates?model=${model}` })
}
