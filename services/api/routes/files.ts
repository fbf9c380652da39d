// Training files of OpenAI's clients. One that cannot be read is refused when it comes, with the line that is wrong.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { fileSchema, toFileBody } from '../../../shared/files/file.ts'
import { createFile, deleteFile, getFile, listFiles, readFileContent } from '../../../shared/files/files.ts'
import { parseTrainingFile } from '../../../shared/fine-tuning/training-file.ts'
import { pageSchema } from '../../../shared/page.ts'
import { ownedByCaller } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { honourIdempotencyKey } from '../idempotency.ts'
import { idempotencyHeader, idParameter, pageQuery } from '../parameters.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'

const tags = ['fine-tuning']
const params = idParameter('fil')
const file = fileSchema.meta({ id: 'File' })
const purpose = z.literal('fine-tune', { error: 'must be fine-tune: files are for training here' })
const sentFile = z
  .custom<File>((value) => value instanceof File, 'must be a file, with a file name')
  .refine(({ name }) => name.length <= 300, 'has a name of over 300 characters')
  .meta({ type: 'string', format: 'binary' })

const create = createRoute({
  ...ownedByCaller,
  method: 'post',
  path: '/',
  tags,
  summary: 'Send a training file',
  description:
    'JSON Lines: documents `{"title", "text"}` with `questions` and `self_edits` as POST /v1/documents takes them, chats ' +
    '`{"messages"}` or pairs `{"prompt", "completion"}`. At most 16 MB.',
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: {
        'multipart/form-data': { schema: z.object({ file: sentFile, purpose }).meta({ id: 'FileInput' }) },
      },
    },
  },
  responses: {
    200: { description: 'The file.', content: { 'application/json': { schema: file } } },
    ...openAiProblems(400, 401, 409, 413, 415, 422, 503),
  },
})

const list = createRoute({
  ...ownedByCaller,
  method: 'get',
  path: '/',
  tags,
  summary: 'All files, the newest first',
  request: { query: pageQuery.extend({ order: z.enum(['asc', 'desc']).default('desc'), purpose: purpose.optional() }) },
  responses: {
    200: { description: 'A page of files.', content: { 'application/json': { schema: pageSchema(file) } } },
    ...openAiProblems(400, 401, 503),
  },
})

const get = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One file',
  request: { params },
  responses: {
    200: { description: 'The file.', content: { 'application/json': { schema: file } } },
    ...openAiProblems(400, 401, 404, 503),
  },
})

const content = createRoute({
  method: 'get',
  path: '/{id}/content',
  tags,
  summary: 'What a file holds, as it was sent',
  request: { params },
  responses: {
    200: { description: 'JSON Lines.', content: { 'application/octet-stream': { schema: z.string() } } },
    ...openAiProblems(400, 401, 404, 503),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Delete a file; what was learned from it stays',
  request: { params },
  responses: {
    200: {
      description: 'It is gone.',
      content: {
        'application/json': {
          schema: z
            .object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) })
            .meta({ id: 'FileDeleted' }),
        },
      },
    },
    ...openAiProblems(400, 401, 404, 503),
  },
})

export function fileRoutes(deps: ApiDeps): ApiRouter {
  const { store } = deps
  const db = deps.database.query
  const router = createRouter()
  router.use('/', honourIdempotencyKey(deps))
  router.openapi(create, async (c) => {
    const sent = c.req.valid('form').file
    const bytes = new Uint8Array(await sent.arrayBuffer())
    parseTrainingFile(bytes)
    return c.json(await createFile(db, store, { filename: sent.name, content: bytes }, c.get('caller')), 200)
  })
  router.openapi(list, async (c) => c.json(await listFiles(db, c.req.valid('query'), c.get('caller')), 200))
  router.openapi(get, async (c) => c.json(toFileBody(await getFile(db, c.req.valid('param').id)), 200))
  router.openapi(content, async (c) => {
    const bytes = await readFileContent(db, store, c.req.valid('param').id)
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'application/octet-stream' })
  })
  router.openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    await deleteFile(db, store, id)
    return c.json({ id, object: 'file' as const, deleted: true as const }, 200)
  })
  return router
}
