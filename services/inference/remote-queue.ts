// Generation by a server outside in place of the engine: prompts go as token ids, so that the server reads exactly what the
// adapter was trained on, and it batches them itself. An answer counts only when it says that it came from the adapter that
// was asked for.
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { DrawnToken, Generation } from '../engine/engine.ts'
import { createBoundedQueue } from './bounded-queue.ts'
import type { Generating, GenerationQueue } from './generation-queue.ts'
import type { LoraServer } from './lora-server.ts'

/** Tokens are asked for as ids, `token_id:123`. */
const tokenSchema = z
  .string()
  .regex(/^token_id:\d+$/)
  .transform((text) => Number(text.slice('token_id:'.length)))
const completionSchema = z.object({
  model: z.string(),
  choices: z.tuple([
    z.object({
      text: z.string(),
      finish_reason: z.enum(['stop', 'length']),
      logprobs: z.object({
        tokens: z.array(tokenSchema),
        token_logprobs: z.array(z.number()),
        top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
      }),
    }),
  ]),
})

/** Prompts under way at once; the server keeps a queue of its own, but so many wait too long. */
const UNDER_WAY_MAX = 256

/** `endIds` end an answer, as they do in the engine. */
export function createRemoteQueue(server: LoraServer, endIds: readonly number[]): GenerationQueue {
  return createBoundedQueue((generating, signal) => generate({ server, endIds }, generating, signal), {
    underWayMax: UNDER_WAY_MAX,
  })
}

interface Remote {
  server: LoraServer
  endIds: readonly number[]
}

async function generate(remote: Remote, generating: Generating, signal?: AbortSignal): Promise<Generation> {
  try {
    // A server that was restarted knows the adapter no more: it is given it once again.
    return (await tryOnce(remote, generating, signal)) ?? (await tryOnce(remote, generating, signal)) ?? notThere()
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', 'who asked has gone', { cause: error })
    throw error
  }
}

/** Undefined: the server has no such adapter. */
async function tryOnce(
  { server, endIds }: Remote,
  { prompt, adapter, options }: Generating,
  signal?: AbortSignal,
): Promise<Generation | undefined> {
  const model = await server.load(adapter)
  const { tokensMax, temperature = 0, topP = 1, seed, stop = [], alternatives = 0, onPiece } = options
  const body = {
    ...{ model, prompt, max_tokens: tokensMax, temperature, top_p: topP, stop, logprobs: alternatives },
    ...(seed === undefined ? {} : { seed }),
    stop_token_ids: endIds,
    return_tokens_as_token_ids: true,
  }
  const response = await server.post('/completions', body, signal)
  if (response.status === 404 && adapter !== null) return void server.forget(model)
  if (!response.ok) throw await refusal(response)
  const completion = completionSchema.safeParse(await response.json().catch(() => undefined))
  if (!completion.success)
    throw new AppError('unavailable', 'The server that answers gave a completion that cannot be read.', {
      cause: completion.error,
    })
  if (completion.data.model !== model)
    throw new AppError('adapter_unavailable', `${model} was asked, and ${completion.data.model} answered.`)
  const [{ text, finish_reason: finish, logprobs: drawn }] = completion.data.choices
  const { tokens, token_logprobs: logprobs, top_logprobs: tops } = drawn
  const shown = tokens.map((id, index) => {
    return { id, logprob: logprobs[index] ?? 0, alternatives: listTops(tops?.[index], alternatives) }
  })
  onPiece?.(
    text,
    shown.filter(({ id }) => !endIds.includes(id)),
  )
  return { text, tokens, logprobs, finish }
}

/** The server lists the drawn token too, be it one of the likeliest or not. */
function listTops(tops: Record<string, number> | null | undefined, count: number): DrawnToken['alternatives'] {
  return Object.entries(tops ?? {})
    .map(([token, logprob]) => ({ id: tokenSchema.parse(token), logprob }))
    .sort((a, b) => b.logprob - a.logprob)
    .slice(0, count)
}

async function refusal(response: Response): Promise<AppError> {
  const said = (await response.text()).slice(0, 300)
  const passes = response.status >= 500 || response.status === 429
  return new AppError(
    passes ? 'unavailable' : 'endpoint_refused',
    `The server that answers said ${response.status}: ${said}`,
  )
}

function notThere(): never {
  throw new AppError('adapter_unavailable', 'The server that answers does not keep the adapter that it was given.')
}
