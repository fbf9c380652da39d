// The events of an update as they happen. A stream that breaks off (a proxy's limit, a restart of the service) is taken up
// again behind the last event; the caller sees each event once.
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { errorOf, PalimpsestError } from './palimpsest-error.ts'

export interface UpdateEvent {
  id: string
  /** `state`, `progress`, `self_edits`, `loss` and others. */
  type: string
  data: Record<string, unknown>
}

export interface WatchOptions {
  signal?: AbortSignal | undefined
  /** Go on behind this event. */
  lastEventId?: string | undefined
}

/** Connections in a row that brought nothing, each a second or more after the one before. */
const failuresMax = 10
const retryMs = 1000

/** Asks for the stream with these headers; `error` is the body of an answer that is none. */
type Open = (
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
) => Promise<{ response: Response; error?: unknown }>

/** Ends after the final state; throws PalimpsestError and fetch's errors. */
export async function* watchUpdate(open: Open, { signal, lastEventId }: WatchOptions): AsyncGenerator<UpdateEvent> {
  let lastId = lastEventId
  for (let failures = 0; ;) {
    try {
      const { response, error } = await open(lastId === undefined ? {} : { 'Last-Event-ID': lastId }, signal)
      if (response.status === 204) return
      if (!response.ok) throw errorOf(response.status, error)
      for await (const event of readEvents(response)) {
        failures = 0
        lastId = event.id
        yield event
        if (isLast(event)) return
      }
    } catch (error) {
      const lost = !(error instanceof PalimpsestError) || error.status === 503
      if (!lost || signal?.aborted || ++failures >= failuresMax) throw error
    }
    await pause(retryMs, signal)
  }
}

async function* readEvents(response: Response): AsyncGenerator<UpdateEvent> {
  const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  const reader = events?.getReader()
  try {
    for (;;) {
      const next = await reader?.read()
      if (next === undefined || next.done) return
      const { id = '', event: type = 'message', data } = next.value
      yield { id, type, data: JSON.parse(data) as Record<string, unknown> }
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

const finalStates: unknown[] = ['promoted', 'rejected', 'failed', 'cancelled']

function isLast({ type, data }: UpdateEvent): boolean {
  return type === 'state' && finalStates.includes(data['state'])
}

/** Resolves early when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}
