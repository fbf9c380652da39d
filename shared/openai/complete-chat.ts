// One chat completion of a model outside, by any server that speaks OpenAI's format (OpenAI, vLLM, llama.cpp, Ollama):
// who writes self-edits from outside and who judges long answers both ask here. What comes back is a stranger's word:
// its size is bounded, it is parsed, redirects are refused (they would carry the key elsewhere), and the key appears in
// no message. What can pass is tried again; what asking again cannot mend is said at once, with what to change.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { PromptMessage } from '../prompts.ts'
import { parseRetryAfter } from '../webhooks/retry-schedule.ts'

export interface ChatRequest {
  /** The address under which the API lies, e.g. `http://127.0.0.1:8000/v1`; `/chat/completions` may be left out. */
  url: string
  model: string
  /** Undefined for a server that asks for none. */
  apiKey?: string | undefined
  messages: readonly PromptMessage[]
  /** The answer ends here at the latest, in the model's tokens. */
  maxTokens: number
  /** 0 is the likeliest answer; left to the server when absent. */
  temperature?: number
  topP?: number
  /** Servers that know it give the same text for the same seed. */
  seed?: number
  signal?: AbortSignal | undefined
}

export interface ChatAnswer {
  /** Empty where the model said nothing. */
  text: string
  /** `length` when it was cut at `maxTokens`. */
  finish: string
}

export interface ChatPatience {
  /** Of one try, from the connection to the last byte. */
  timeoutSeconds?: number
  attemptsMax?: number
  /** A server that asks for a longer wait than this is taken to be away. */
  waitSecondsMax?: number
  bytesMax?: number
  /** Milliseconds; rejects when the signal aborts. */
  wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

const completionSchema = z.object({
  choices: z.tuple(
    [z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() })],
    z.unknown(),
  ),
})
const refusalSchema = z.object({ error: z.object({ message: z.string(), param: z.string().nullish() }) })

/** How much of a server's own words goes into an error. */
const quotedCharactersMax = 200

/**
 * The first choice of the completion. Throws `unavailable` when the server cannot be reached, is overloaded (429), fails
 * (5xx) or is too slow, even when tried again; `endpoint_refused` when it refuses (4xx), redirects, or answers what is no
 * completion; the signal's reason when it is aborted.
 */
export async function completeChat(request: ChatRequest, patience: ChatPatience = {}): Promise<ChatAnswer> {
  const { attemptsMax = 4, waitSecondsMax = 60, wait = waitFor } = patience
  const call: Call = { request, url: parseEndpoint(request), headers: headersOf(request), body: bodyOf(request) }
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(call, patience)
    if ('answer' in outcome) return outcome.answer
    const seconds = Math.max(outcome.retryAfterSeconds ?? 0, backoffSeconds(attempt))
    if (attempt >= attemptsMax || seconds > waitSecondsMax) throw outcome.error
    await wait(1000 * seconds, request.signal)
  }
}

interface Call {
  request: ChatRequest
  url: URL
  headers: Record<string, string>
  body: Record<string, unknown>
}

type Outcome = { answer: ChatAnswer } | { error: AppError; retryAfterSeconds: number | undefined }

/** Resolves to an error that may pass, throws one that will not. */
async function tryOnce(call: Call, patience: ChatPatience): Promise<Outcome> {
  const { request, url, headers } = call
  const { timeoutSeconds = 60, bytesMax = 2 ** 20 } = patience
  const timeout = AbortSignal.timeout(1000 * timeoutSeconds)
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout])
  const passing = (what: string, more: { cause?: unknown; retryAfterSeconds?: number | undefined }): Outcome => ({
    error: new AppError('unavailable', `${nameOf(request)} ${what}. Check that it runs, or try again later.`, more),
    retryAfterSeconds: more.retryAfterSeconds,
  })
  let response: Response
  let text: string | undefined
  try {
    const body = JSON.stringify(call.body)
    response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    text = await readWithin(response, bytesMax)
  } catch (cause) {
    request.signal?.throwIfAborted()
    return passing(timeout.aborted ? `did not answer within ${timeoutSeconds} s` : 'cannot be reached', { cause })
  }
  const { status } = response
  if (status === 429 || status >= 500) {
    const retryAfterSeconds = parseRetryAfter(response.headers.get('retry-after') ?? undefined, new Date())
    return passing(`answered ${status}${quote(text ?? '', request)}`, { retryAfterSeconds })
  }
  if (text === undefined) throw refused(request, `answered more than ${bytesMax} bytes`)
  if (status === 400 && adaptTo(call, text)) return await tryOnce(call, patience)
  if (status >= 300 && status < 400) throw refused(request, 'redirects elsewhere: give the address it redirects to')
  if (status !== 200) throw refused(request, `answered ${status}${quote(text, request)}`)
  return { answer: parseAnswer(text, request) }
}

/** Models that think before they answer take the limit under another name and no sampling: each is tried once. */
const ADAPTABLE = ['max_tokens', 'temperature', 'top_p', 'seed'] as const

function adaptTo({ body }: Call, text: string): boolean {
  const said = refusalSchema.safeParse(parseJson(text))
  const param = ADAPTABLE.find((known) => said.success && said.data.error.param === known)
  if (param === undefined || body[param] === undefined) return false
  if (param === 'max_tokens') body['max_completion_tokens'] = body[param]
  body[param] = undefined
  return true
}

function parseAnswer(text: string, request: ChatRequest): ChatAnswer {
  const parsed = completionSchema.safeParse(parseJson(text))
  if (!parsed.success) throw refused(request, `answered what is no chat completion${quote(text, request)}`)
  const [{ message, finish_reason: finish }] = parsed.data.choices
  return { text: message.content ?? '', finish: finish ?? 'stop' }
}

/** The body as text, or undefined when it is longer than allowed; what lies beyond is not fetched. */
async function readWithin(response: Response, bytesMax: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) return undefined // leaving the loop cancels the body
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseEndpoint({ url }: ChatRequest): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    throw new AppError(
      'endpoint_refused',
      'The address of the chat model must be a URL like http://127.0.0.1:8000/v1, without user name and password.',
    )
  if (!/\/chat\/completions\/?$/.test(parsed.pathname))
    parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/chat/completions`
  return parsed
}

function headersOf({ apiKey }: ChatRequest): Record<string, string> {
  if (apiKey === undefined) return { 'content-type': 'application/json' }
  // Checked here, because fetch would quote the key in its complaint.
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new AppError('endpoint_refused', 'The key of the chat model holds blanks or signs that no header can carry.')
  return { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
}

function bodyOf({ model, messages, maxTokens, temperature, topP, seed }: ChatRequest): Record<string, unknown> {
  return { model, messages, max_tokens: maxTokens, temperature, top_p: topP, seed, stream: false }
}

/** 0.5, 1, 2, ... s, and up to half as much again, so that what failed together does not come back together. */
function backoffSeconds(attempt: number): number {
  return 0.5 * 2 ** (attempt - 1) * (1 + Math.random() / 2)
}

async function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted())
}

function refused(request: ChatRequest, what: string): AppError {
  return new AppError(
    'endpoint_refused',
    `${nameOf(request)} ${what}. Check its address, its key and the model's name.`,
  )
}

/** Without the query, in which some servers want a key. */
function nameOf({ url, model }: ChatRequest): string {
  const { origin, pathname } = new URL(url)
  return `The chat model ${model} at ${origin}${pathname}`
}

/** The server's own words on one line, its key left out in case it repeats it. */
function quote(text: string, { apiKey }: ChatRequest): string {
  const said = refusalSchema.safeParse(parseJson(text))
  const line = (said.success ? said.data.error.message : text).replace(/[\p{Cc}\s]+/gu, ' ').trim()
  const safe = apiKey === undefined ? line : line.replaceAll(apiKey, '[key]')
  return safe === '' ? '' : `: ${safe.slice(0, quotedCharactersMax)}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
