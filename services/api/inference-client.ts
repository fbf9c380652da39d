// Talks to the inference process. Whatever goes wrong on the way is said as unavailable: the caller may try again, and
// is never given an answer that did not come from the version asked for.
import { z } from 'zod'
import type { CompletionRequest } from '../../shared/completions/completion.ts'
import { AppError } from '../../shared/errors.ts'
import type { QueryMode } from '../../shared/query-modes.ts'
import { traceHeaders } from '../../shared/tracing.ts'
import { createSilenceTimer, openCompletion, type CompletionStream } from './completion-stream.ts'
import { refusalError, refusalSchema } from './refusal.ts'

export const answerSchema = z.object({
  answer: z.string(),
  version: z.number().int(),
  documents: z.array(z.object({ id: z.string(), title: z.string(), score: z.number() })),
  logprob: z.number().nullable(),
  usage: z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int() }),
  timings_ms: z.record(z.string(), z.number()),
})
export type InferenceAnswer = z.infer<typeof answerSchema>

export interface InferenceQuestion {
  question: string
  /** The model's name. */
  model: string
  /** Null asks the head. */
  version: number | null
  mode: QueryMode
}

export interface InferenceClient {
  /** Throws what inference refused, by its own code; unavailable when there is no usable answer. */
  answer(question: InferenceQuestion, signal?: AbortSignal): Promise<InferenceAnswer>
  /**
   * Resolves once the version is open and its adapters are loaded; the events end when every choice has. Both throw as
   * `answer` does.
   */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<CompletionStream>
  /** Undefined when it is ready, else why not. */
  findTrouble(): Promise<string | undefined>
}

/** A long answer on a busy machine takes seconds; a minute means that nobody is working on it. */
const answerTimeoutMs = 60_000
const healthTimeoutMs = 2_000

/** A client of the process at `url`, e.g. `http://127.0.0.1:8788`. */
export function createInferenceClient(url: string): InferenceClient {
  const base = url.replace(/\/+$/, '')
  return {
    async answer(question, signal) {
      const timeout = AbortSignal.timeout(answerTimeoutMs)
      const response = await send(`${base}/answer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...traceHeaders() },
        body: JSON.stringify(question),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      })
      if (!response.ok) throw await refusal(response)
      const answer = answerSchema.safeParse(await readJson(response))
      if (answer.success) return answer.data
      throw new AppError('unavailable', 'The inference process gave an answer that cannot be read.', {
        cause: answer.error,
      })
    },
    async complete(request, signal) {
      const silence = createSilenceTimer(answerTimeoutMs)
      const response = await send(`${base}/complete`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...traceHeaders() },
        body: JSON.stringify(request),
        signal: AbortSignal.any([signal, silence.signal]),
      })
      if (!response.ok) throw await refusal(response)
      return await openCompletion(response, silence, request.inputs.length * request.choices)
    },
    async findTrouble() {
      try {
        const response = await send(`${base}/health`, { signal: AbortSignal.timeout(healthTimeoutMs) })
        if (response.ok) return undefined
        return (await refusal(response)).message
      } catch (error) {
        return error instanceof Error ? error.message : 'The inference process does not answer.'
      }
    },
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    const why = cause instanceof Error && cause.name === 'TimeoutError' ? 'did not answer in time' : 'is not reachable'
    throw new AppError('unavailable', `The inference process ${why}. Try again in a moment.`, { cause })
  }
}

/** What inference refused. */
async function refusal(response: Response): Promise<AppError> {
  const body = refusalSchema.safeParse(await readJson(response))
  if (body.success) return refusalError(body.data)
  return new AppError('unavailable', `The inference process answered ${response.status}.`)
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
