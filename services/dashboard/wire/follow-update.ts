// The events of an update as they happen. EventSource cannot send a key, so the stream is read by fetch; a line that breaks
// is taken up behind the last event that arrived.
import { createParser } from 'eventsource-parser'
import { CallError, open } from './call.ts'
import type { UpdateState } from './types.ts'

const reconnectMs = 2_000
const finalStates: readonly UpdateState[] = ['promoted', 'rejected', 'failed', 'cancelled']

export function isFinal(state: UpdateState): boolean {
  return finalStates.includes(state)
}

export interface UpdateEvent {
  type: string
  data: Record<string, unknown>
}

/** From the first event on. Resolves after the final state, or when aborted; throws CallError when there is no update. */
export async function followUpdate(
  id: string,
  onEvent: (event: UpdateEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId = ''
  let ended = false
  const parser = createParser({
    onEvent({ id: eventId, event: type = 'message', data }) {
      lastId = eventId ?? lastId
      const parsed = JSON.parse(data) as UpdateEvent['data']
      ended ||= type === 'state' && isFinal(parsed['state'] as UpdateState)
      onEvent({ type, data: parsed })
    },
  })
  while (!signal.aborted && !ended) {
    try {
      const headers: Record<string, string> = lastId === '' ? {} : { 'Last-Event-ID': lastId }
      const response = await open('GET', `/v1/updates/${id}/events`, { headers, signal })
      if (response.status === 204 || response.body === null) return
      const reader = response.body.getReader()
      const decoder = new TextDecoder()
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        parser.feed(decoder.decode(read.value, { stream: true }))
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CallError && error.status >= 400 && error.status < 500) throw error
    }
    parser.reset()
    if (!ended) await pause(reconnectMs, signal)
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
