// Conversations in OpenAI's shapes, answered from the weights: the router picks the adapter by the last turn of the user,
// and `model` of the answer says which version it was.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { ALTERNATIVES_MAX } from '../../../shared/completions/completion.ts'
import { needs } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { chatShape } from '../openai/chat-shape.ts'
import {
  inputLengthMax,
  never,
  neverTrue,
  neutralParameters,
  noneOf,
  samplingParameters,
  tokensMaxParameter,
  toSampling,
} from '../openai/parameters.ts'
import { chunkEventSchema, sendCompletion } from '../openai/send-completion.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'

const contentSchema = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() })).min(1)], {
  error: 'must be a string, or parts of the type `text`',
})

/** Other fields of a message that an answer had, and that comes back with the conversation, are passed over. */
const messageSchema = z
  .object({
    role: z.enum(['system', 'developer', 'user', 'assistant'], {
      error: 'must be system, developer, user or assistant: tools are not supported here',
    }),
    content: contentSchema,
    tool_calls: noneOf(),
  })
  .meta({ id: 'ChatMessage' })
type Message = z.infer<typeof messageSchema>

const chatSchema = z
  .strictObject({
    ...samplingParameters,
    ...neutralParameters,
    messages: z
      .array(messageSchema)
      .min(1)
      .max(1_000)
      .refine(
        (messages) => messages.reduce((sum, message) => sum + textOf(message).length, 0) <= inputLengthMax,
        `hold over ${inputLengthMax} characters in all: shorten the conversation`,
      )
      .refine((messages) => messages.some(({ role }) => role === 'user'), 'hold no turn of the user: ask something'),
    max_completion_tokens: tokensMaxParameter.meta({ description: 'The same as `max_tokens`, and before it.' }),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.number().int().min(0).max(ALTERNATIVES_MAX).nullish(),
    response_format: z.strictObject({ type: z.literal('text') }).nullish(),
    modalities: z.array(z.literal('text')).nullish(),
    tools: noneOf(),
    functions: noneOf(),
    tool_choice: z.enum(['none', 'auto']).nullish(),
    function_call: z.enum(['none', 'auto']).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    audio: never,
    prediction: never,
    store: neverTrue,
    metadata: z.record(z.string(), z.string()).nullish(),
    safety_identifier: z.string().nullish(),
    prompt_cache_key: z.string().nullish(),
    service_tier: z.enum(['auto', 'default']).nullish(),
  })
  .refine(({ logprobs, top_logprobs: top }) => logprobs === true || (top ?? 0) === 0, {
    path: ['top_logprobs'],
    error: 'needs `logprobs: true`',
  })
  .meta({ id: 'ChatCompletionInput' })

const tokenSchema = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()).nullable() })
const completionSchema = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().int(),
    model: z.string().meta({ description: 'What answered.', example: 'default@v3' }),
    system_fingerprint: z.string(),
    choices: z.array(
      z.object({
        index: z.number().int(),
        message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
        logprobs: z
          .object({
            content: z.array(tokenSchema.extend({ top_logprobs: z.array(tokenSchema) })),
            refusal: z.null(),
          })
          .nullable(),
        finish_reason: z.enum(['stop', 'length']),
      }),
    ),
    usage: z.object({
      prompt_tokens: z.number().int(),
      completion_tokens: z.number().int(),
      total_tokens: z.number().int(),
    }),
    documents: z
      .array(z.object({ id: z.string(), title: z.string(), score: z.number() }))
      .meta({ description: 'Whose weights answered; empty where the base did. In the first chunk of a stream, too.' }),
  })
  .meta({ id: 'ChatCompletion' })

const create = createRoute({
  ...needs('read'),
  method: 'post',
  path: '/',
  tags: ['query'],
  summary: "A conversation in OpenAI's shapes, answered from the weights",
  description:
    'A conversation without a system turn is put as a query puts its question. With `stream` the answer is server-sent ' +
    'events that end with `[DONE]`. The adapter is picked by the last turn of the user, or by all of them where the last ' +
    'is about nothing by itself.',
  request: { body: { required: true, content: { 'application/json': { schema: chatSchema } } } },
  responses: {
    200: {
      description: 'The answer, or with `stream` its chunks.',
      content: { 'application/json': { schema: completionSchema }, 'text/event-stream': { schema: chunkEventSchema } },
    },
    ...openAiProblems(400, 401, 404, 413, 415, 503),
  },
})

export function chatCompletionRoutes(deps: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(create, async (c) => {
    const { messages, max_completion_tokens: tokensMax, ...body } = c.req.valid('json')
    const turns = messages.map((message) => ({
      role: message.role === 'developer' ? ('system' as const) : message.role,
      content: textOf(message),
    }))
    const logprobs = body.logprobs === true
    return await sendCompletion(c, deps, {
      reference: body.model,
      request: {
        ...toSampling({ ...body, max_tokens: tokensMax ?? body.max_tokens }),
        inputs: [{ messages: turns }],
        alternatives: logprobs ? (body.top_logprobs ?? 0) : null,
      },
      shape: chatShape(logprobs),
      stream: body.stream === true,
      includeUsage: body.stream_options?.include_usage === true,
    })
  })
  return router
}

function textOf({ content }: Message): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('')
}
