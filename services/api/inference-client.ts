// Talks to the inference process. Whatever goes wrong on the way is said as unavailable: the caller may try again, and
// is never given an answer that did not come from the version asked for.
import { z } from 'zod'
import { AppError, ERRORS, type ErrorCode } from '../../shared/errors.ts'
import type { QueryMode } from '../../shared/query-modes.ts'

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
        headers: { 'content-type': 'application/json' },
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

/** What inference refused, with its code when it is one of ours that concerns the caller. */
async function refusal(response: Response): Promise<AppError> {
  const body = z.object({ code: z.string(), detail: z.string() }).safeParse(await readJson(response))
  if (!body.success) return new AppError('unavailable', `The inference process answered ${response.status}.`)
  const { code, detail } = body.data
  if (isErrorCode(code) && code !== 'internal' && code !== 'unauthorized') return new AppError(code, detail)
  return new AppError('unavailable', `The inference process could not answer: ${detail}`)
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
