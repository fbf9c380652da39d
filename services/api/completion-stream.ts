// The stream of a completion from the inference process, event by event. It may take as long as it takes; only silence is
// an error, and so is an end without the end of every choice.
import { completionEventSchema } from '../../shared/completions/completion.ts'
import type {
  CompletionEnd,
  CompletionEvent,
  CompletionPiece,
  CompletionStart,
} from '../../shared/completions/completion.ts'
import { AppError } from '../../shared/errors.ts'
import { refusalError } from './refusal.ts'

export interface CompletionStream {
  start: CompletionStart
  events: AsyncIterable<CompletionPiece | CompletionEnd>
}

export interface SilenceTimer {
  signal: AbortSignal
  /** Something was heard: the time begins anew. */
  heard(): void
  stop(): void
}

/** Its signal aborts when nothing was heard for so long. */
export function createSilenceTimer(milliseconds: number): SilenceTimer {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DOMException('silent', 'TimeoutError')), milliseconds)
  timer.unref()
  return { signal: controller.signal, heard: () => void timer.refresh(), stop: () => clearTimeout(timer) }
}

/** Throws unavailable for what is no such stream, and what broke it off by its own code. */
export async function openCompletion(
  response: Response,
  silence: SilenceTimer,
  choices: number,
): Promise<CompletionStream> {
  const events = readEvents(response, silence)
  const first = await events.next()
  if (first.done !== true && first.value.type === 'start')
    return { start: first.value, events: onwards(events, choices) }
  throw unreadable()
}

async function* onwards(
  events: AsyncGenerator<Exclude<CompletionEvent, { type: 'error' }>>,
  choices: number,
): AsyncGenerator<CompletionPiece | CompletionEnd> {
  let ended = 0
  for await (const event of events) {
    if (event.type === 'start') throw unreadable()
    if (event.type === 'end') ended += 1
    yield event
  }
  if (ended < choices) throw unreadable()
}

async function* readEvents(
  response: Response,
  silence: SilenceTimer,
): AsyncGenerator<Exclude<CompletionEvent, { type: 'error' }>> {
  try {
    for await (const line of readLines(response, silence)) {
      const event = completionEventSchema.safeParse(parseJson(line))
      if (!event.success) throw unreadable(event.error)
      if (event.data.type === 'error') throw refusalError(event.data)
      yield event.data
    }
  } finally {
    silence.stop()
  }
}

async function* readLines({ body }: Response, silence: SilenceTimer): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      silence.heard()
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    throw new AppError('unavailable', 'The inference process broke off in the middle of an answer. Try again.', {
      cause,
    })
  }
  if (rest !== '') throw unreadable()
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

function unreadable(cause?: unknown): AppError {
  return new AppError('unavailable', 'The inference process gave an answer that cannot be read.', { cause })
}
