// The way from a completion request to its answer, whole or as server-sent events. Nothing is sent before inference has
// opened the version and loaded its adapters: until then whatever goes wrong is an HTTP error, afterwards an `error` event.
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type {
  CompletionEnd,
  CompletionPiece,
  CompletionRequest,
  CompletionStart,
} from '../../../shared/completions/completion.ts'
import type { ApiDeps, ApiEnv } from '../deps.ts'
import { resolveModel } from '../model-reference.ts'
import { openAiErrorOf, problemOf } from '../problem.ts'
import { gatherChoices, toUsage, type GatheredChoice, type Usage } from './gather.ts'

/** An event of the stream, as OpenAPI describes streams: event by event. */
export const chunkEventSchema = z
  .object({ data: z.string().meta({ description: 'A chunk as JSON; behind the last `[DONE]`.' }) })
  .meta({ id: 'ChunkEvent' })

/** What answer and chunks have in common. */
export interface CompletionHead {
  id: string
  created: number
  /** `name@vN`: what answered. */
  model: string
  system_fingerprint: string
}

export interface CompletionShape {
  idPrefix: string
  toWhole(head: CompletionHead, choices: readonly GatheredChoice[]): object
  /** The first of a choice, before anything is said; undefined where there is none. */
  toFirstChunk(head: CompletionHead, choice: number): object | undefined
  toChunk(head: CompletionHead, event: CompletionPiece | CompletionEnd): object
  /** With nothing in it but the usage. */
  toUsageChunk(head: CompletionHead, usage: Usage): object
}

export interface CompletionCall {
  /** As the caller named it. */
  reference: string
  request: Omit<CompletionRequest, 'model' | 'version'>
  shape: CompletionShape
  stream: boolean
  includeUsage: boolean
}

export async function sendCompletion(c: Context<ApiEnv>, deps: ApiDeps, call: CompletionCall): Promise<Response> {
  const { model, version } = await resolveModel(deps.database.query, call.reference)
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, c.req.raw.signal, deps.shutdown])
  const { start, events } = await deps.inference.complete({ ...call.request, model: model.name, version }, signal)
  const head: CompletionHead = {
    id: `${call.shape.idPrefix}-${randomUUID()}`,
    created: Math.floor(deps.clock.now() / 1000),
    model: `${model.name}@v${start.version}`,
    system_fingerprint: `fp_${start.base}`,
  }
  const { documents } = start
  if (!call.stream) {
    const { choices, generated } = await gatherChoices(events)
    return c.json({ ...call.shape.toWhole(head, choices), usage: toUsage(start, generated), documents })
  }
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort())
    const write = (chunk: object) => stream.writeSSE({ data: JSON.stringify(chunk) })
    try {
      for await (const chunk of chunksOf(call, head, start, events)) await write(chunk)
      await stream.writeSSE({ data: '[DONE]' })
    } catch (error) {
      if (signal.aborted) return
      deps.log.warn({ err: error, request_id: c.get('requestId') }, 'a completion broke off')
      await write({ error: openAiErrorOf(problemOf(error)) })
    }
  })
}

/** `usage: null` stands in every chunk where the last will say it, and the documents in the first. */
async function* chunksOf(
  { shape, request, includeUsage }: CompletionCall,
  head: CompletionHead,
  start: CompletionStart,
  events: AsyncIterable<CompletionPiece | CompletionEnd>,
): AsyncGenerator<object> {
  const usage = includeUsage ? { usage: null } : {}
  let more: object = { ...usage, documents: start.documents }
  const complete = (chunk: object) => {
    const whole = { ...chunk, ...more }
    more = usage
    return whole
  }
  for (let choice = 0; choice < request.inputs.length * request.choices; choice++) {
    const first = shape.toFirstChunk(head, choice)
    if (first !== undefined) yield complete(first)
  }
  let generated = 0
  for await (const event of events) {
    if (event.type === 'end') generated += event.tokens
    yield complete(shape.toChunk(head, event))
  }
  if (includeUsage) yield shape.toUsageChunk(head, toUsage(start, generated))
}
