// The events of one update as server-sent events, from any point on. The stream reads them from the database, so it
// may be served by another process than the one a client began with, and outlives a restart of the database.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { SSEStreamingApi } from 'hono/streaming'
import { z } from 'zod'
import { isDatabaseDown } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import { getUpdate } from '../../shared/updates/get-update.ts'
import { listUpdateEvents } from '../../shared/updates/update-events.ts'
import { isFinal } from '../../shared/updates/update.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'

/** One event of a stream, as /openapi.json describes it. */
export const updateEventSchema = z
  .object({ id: z.string(), event: z.string(), data: z.string().meta({ description: 'JSON.' }) })
  .meta({ id: 'UpdateEvent' })

/** How long a client waits before it connects again. */
const reconnectMs = 2_000
/** Read at a time; a page that is full may not be the last. */
const eventsMax = 500

/** The id to go on behind; 0 is the beginning. Throws invalid_request for what no stream of ours ever sent. */
function parseLastEventId(header: string | undefined): number {
  if (header === undefined || header === '') return 0
  if (/^\d{1,15}$/.test(header)) return Number(header)
  throw new AppError('invalid_request', 'Last-Event-ID must be the id of an event of this stream, a whole number.')
}

/** The answer to a request for the events: the stream, or 204 when nothing can come any more. Throws not_found. */
export async function answerEvents(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  { updateId, lastEventId }: { updateId: string; lastEventId: string | undefined },
): Promise<Response> {
  const db = deps.database.query
  const afterId = parseLastEventId(lastEventId)
  const { state } = await getUpdate(db, updateId)
  if (isFinal(state) && afterId > 0 && (await listUpdateEvents(db, updateId, afterId, 1)).length === 0)
    return c.body(null, 204)
  return streamSSE(
    c,
    async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      await streamUpdate(deps, stream, updateId, afterId, AbortSignal.any([gone.signal, deps.shutdown]))
    },
    async (error) => deps.log.error({ err: error, update_id: updateId }, 'an event stream broke off'),
  )
}

/** Writes events until the update is in a final state and all were written, or the client or the process goes. */
async function streamUpdate(
  { database, clock, events, log }: ApiDeps,
  stream: SSEStreamingApi,
  updateId: string,
  afterId: number,
  signal: AbortSignal,
): Promise<void> {
  let lastId = afterId
  let wroteAt = clock.now()
  await stream.write(`retry: ${reconnectMs}\n\n`)
  while (!signal.aborted) {
    const news = await readNews(lastId)
    for (const event of news.events) {
      await stream.writeSSE({ id: String(event.id), event: event.type, data: JSON.stringify(event.data) })
      lastId = event.id
    }
    if (news.final) return
    if (news.events.length > 0) wroteAt = clock.now()
    else if (clock.now() - wroteAt >= events.heartbeatMs) {
      await stream.write(': nothing new\n\n')
      wroteAt = clock.now()
    }
    if (!news.full) await clock.sleep(events.pollMs, signal)
  }

  /** The state is read before the events: when it is final, the events read after it are all there will be. */
  async function readNews(after: number) {
    try {
      const update = await getUpdate(database.query, updateId)
      const page = await listUpdateEvents(database.query, updateId, after, eventsMax)
      return { final: isFinal(update.state) && page.length < eventsMax, full: page.length === eventsMax, events: page }
    } catch (error) {
      if (!isDatabaseDown(error)) throw error
      log.warn({ err: error, update_id: updateId }, 'an event stream waits for the database')
      return { final: false, full: false, events: [] }
    }
  }
}
