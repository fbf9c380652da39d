// Questions. Which version answers is settled by inference in the moment of answering, and said in the answer.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { refuseUnreadable } from '../../../shared/documents/validate-text.ts'
import { findSelfEditsBehind } from '../../../shared/self-edits/find-behind.ts'
import { QUERY_MODES } from '../../../shared/query-modes.ts'
import { needs } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { answerSchema } from '../inference-client.ts'
import { modelReferenceDescription, resolveModel } from '../model-reference.ts'
import { problems } from '../problem.ts'
import { createRouter } from '../router.ts'

/** The embedded base reads 8192 tokens; a question of this length leaves room for the answer in any script. */
const questionLengthMax = 4_000

const querySchema = z
  .strictObject({
    question: z
      .string()
      .max(questionLengthMax, `is over ${questionLengthMax} characters: ask a shorter question`)
      .refine((text) => text.trim() !== '', 'is blank: ask something'),
    model: z.string().default('default').meta({ description: modelReferenceDescription }),
    mode: z
      .enum(QUERY_MODES)
      .default('closed_book')
      .meta({
        description:
          "`closed_book`: from the version's weights alone. `open_book`: the bare base reads the passage that matches the " +
          "question best among the version's documents; what the version is to be measured against. `hybrid`: the " +
          "version's weights read that passage.",
      }),
  })
  .meta({ id: 'Query' })

const receipt = answerSchema.shape.documents.element.extend({
  update_id: z
    .string()
    .nullable()
    .meta({
      description:
        'The update whose self-edits were trained; `GET /v1/updates/ID/self-edits` has all of them. Null where no ' +
        'weights were asked (`open_book`).',
    }),
  self_edits: z.array(z.object({ id: z.string(), prompt: z.string(), completion: z.string() })).meta({
    description: 'Of those, the ones most like question and answer, at most three.',
  }),
  self_edits_total: z.number().int().meta({ description: 'How many were trained.' }),
})

const answer = answerSchema
  .extend({
    object: z.literal('answer'),
    documents: z.array(receipt).meta({
      description:
        'What it was answered from: the document whose weights were asked, or whose passage was read. Empty when the ' +
        'question is about none of them (closed-book) or shares no word with any.',
    }),
    model: z.string().meta({ description: 'What answered.', example: 'default@v3' }),
  })
  .meta({ id: 'Answer' })

const ask = createRoute({
  ...needs('read'),
  method: 'post',
  path: '/',
  tags: ['query'],
  summary: 'Ask a model',
  request: { body: { required: true, content: { 'application/json': { schema: querySchema } } } },
  responses: {
    200: { description: 'The answer.', content: { 'application/json': { schema: answer } } },
    ...problems(400, 401, 404, 413, 415, 503),
  },
})

export function queryRoutes({ database, inference }: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(ask, async (c) => {
    const { question, model, mode } = c.req.valid('json')
    refuseUnreadable(question, 'question')
    const { model: asked, version } = await resolveModel(database.query, model)
    const given = await inference.answer({ question, model: asked.name, version, mode }, c.req.raw.signal)
    const documents = []
    for (const document of given.documents) {
      const of = { modelId: asked.id, version: given.version, documentId: document.id }
      const behind =
        mode === 'open_book' ? undefined : await findSelfEditsBehind(database.query, of, `${question} ${given.answer}`)
      documents.push({
        ...document,
        update_id: behind?.updateId ?? null,
        self_edits: behind?.closest ?? [],
        self_edits_total: behind?.total ?? 0,
      })
    }
    const body = { object: 'answer' as const, ...given, documents, model: `${asked.name}@v${given.version}` }
    return c.json(body, 200)
  })
  return router
}
