// Texts gone on with, in the shapes of OpenAI's older call: no chat template stands between the prompt and the base.
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { COMPLETION_CHOICES_MAX } from '../../../shared/completions/completion.ts'
import { needs } from '../access.ts'
import type { ApiDeps, ApiRouter } from '../deps.ts'
import { inputLengthMax, neverTrue, neutralParameters, samplingParameters, toSampling } from '../openai/parameters.ts'
import { chunkEventSchema, sendCompletion } from '../openai/send-completion.ts'
import { textShape } from '../openai/text-shape.ts'
import { openAiProblems } from '../problem.ts'
import { createRouter } from '../router.ts'

const logprobsMax = 5
const text = z.string().min(1)
const tokens = z.array(z.int32().min(0)).min(1).max(inputLengthMax)
const several = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(COMPLETION_CHOICES_MAX)

type Prompt = string | string[] | number[] | number[][]
const promptSchema: z.ZodType<Prompt> = z
  .union([text, several(text), tokens, several(tokens)], {
    error: `must be a text, token ids, or up to ${COMPLETION_CHOICES_MAX} of one of them`,
  })
  .refine((prompt) => toInputs(prompt).reduce((sum, one) => sum + one.prompt.length, 0) <= inputLengthMax, {
    error: `holds over ${inputLengthMax} characters in all: shorten it`,
  })

const completionInputSchema = z
  .strictObject({
    ...samplingParameters,
    ...neutralParameters,
    prompt: promptSchema,
    logprobs: z.number().int().min(0).max(logprobsMax).nullish(),
    echo: neverTrue,
    best_of: z.literal(1, { error: 'is not supported here: ask for `n` choices' }).nullish(),
    suffix: z.literal('', { error: 'is not supported here: leave it out' }).nullish(),
  })
  .refine(({ prompt, n }) => toInputs(prompt).length * (n ?? 1) <= COMPLETION_CHOICES_MAX, {
    path: ['n'],
    error: `makes more than ${COMPLETION_CHOICES_MAX} choices in all`,
  })
  .meta({ id: 'CompletionInput' })

const completionSchema = z
  .object({
    id: z.string(),
    object: z.literal('text_completion'),
    created: z.number().int(),
    model: z.string().meta({ description: 'What answered.', example: 'default@v3' }),
    system_fingerprint: z.string(),
    choices: z.array(
      z.object({
        index: z.number().int(),
        text: z.string(),
        logprobs: z
          .object({
            tokens: z.array(z.string()),
            token_logprobs: z.array(z.number()),
            top_logprobs: z.array(z.record(z.string(), z.number())),
            text_offset: z.array(z.number().int()),
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
    documents: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
  })
  .meta({ id: 'Completion' })

const create = createRoute({
  ...needs('read'),
  method: 'post',
  path: '/',
  tags: ['query'],
  summary: "A text gone on with, in OpenAI's shapes",
  description:
    'Without a chat template: the base reads the prompt as it stands. The adapter is picked by the prompt. With several ' +
    'prompts the choices are numbered prompt by prompt.',
  request: { body: { required: true, content: { 'application/json': { schema: completionInputSchema } } } },
  responses: {
    200: {
      description: 'The text, or with `stream` its chunks.',
      content: { 'application/json': { schema: completionSchema }, 'text/event-stream': { schema: chunkEventSchema } },
    },
    ...openAiProblems(400, 401, 404, 413, 415, 503),
  },
})

export function completionRoutes(deps: ApiDeps): ApiRouter {
  const router = createRouter()
  router.openapi(create, async (c) => {
    const body = c.req.valid('json')
    return await sendCompletion(c, deps, {
      reference: body.model,
      request: { ...toSampling(body), inputs: toInputs(body.prompt), alternatives: body.logprobs ?? null },
      shape: textShape(typeof body.logprobs === 'number'),
      stream: body.stream === true,
      includeUsage: body.stream_options?.include_usage === true,
    })
  })
  return router
}

function toInputs(prompt: Prompt): { prompt: string | number[] }[] {
  if (typeof prompt === 'string') return [{ prompt }]
  const ids = prompt.filter((part) => typeof part === 'number')
  if (ids.length > 0) return [{ prompt: ids }]
  return prompt.flatMap((part) => (typeof part === 'number' ? [] : [{ prompt: part }]))
}
