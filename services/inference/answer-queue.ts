// Questions wait here for the engine, which runs one batch at a time: whatever has gathered by the time it is free and
// needs the same adapter goes in together, oldest first. Under load the batches fill by themselves; a lone question
// waits for nothing.
import type { Adapter } from '../engine/adapter/adapter.ts'
import { ask } from '../engine/ask.ts'
import type { Answer, Question } from '../engine/ask.ts'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'

export interface AnswerQueue {
  /** Rejects with `cancelled` when the signal aborts first; the batch goes on for the others. */
  submit(question: Question, signal?: AbortSignal): Promise<Answer>
  /** Refuses new questions (`unavailable`) and resolves when those taken are answered. */
  close(): Promise<void>
}

export interface AnswerQueueOptions {
  /** Questions of one batch. Decode speed in all grows up to about 16 rows; more only makes each wait longer. */
  rowsMax?: number
  /** An answer ends here even when the model goes on. */
  tokensMax?: number
}

interface Waiting {
  question: Question
  signal: AbortSignal | undefined
  resolve(answer: Answer): void
  reject(error: unknown): void
}

export function createAnswerQueue(
  engine: Engine,
  { rowsMax = 16, tokensMax = 64 }: AnswerQueueOptions = {},
): AnswerQueue {
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let closed = false

  /** Takes the oldest question and those that can run with it; null when none waits. */
  function takeBatch(): { adapter: Adapter | null; batch: Waiting[] } | null {
    waiting = waiting.filter((item) => !item.signal?.aborted)
    const [oldest] = waiting
    if (!oldest) return null
    const { adapter } = oldest.question
    const batch = waiting.filter(({ question }) => question.adapter === adapter).slice(0, rowsMax)
    waiting = waiting.filter((item) => !batch.includes(item))
    return { adapter, batch }
  }

  async function run(): Promise<void> {
    // A turn of the event loop, so that requests which arrived together also run together.
    await new Promise((resolve) => setImmediate(resolve))
    for (let next = takeBatch(); next; next = takeBatch()) await answerBatch(engine, next.batch, tokensMax)
  }

  function start(): void {
    running ??= run().finally(() => {
      running = null
      if (waiting.length > 0) start()
    })
  }

  return {
    submit(question, signal) {
      if (closed) return Promise.reject(new AppError('unavailable', 'inference is shutting down'))
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled())
        const onAbort = () => reject(cancelled())
        signal?.addEventListener('abort', onAbort, { once: true })
        const settle = () => signal?.removeEventListener('abort', onAbort)
        waiting.push({
          question,
          signal,
          resolve: (answer) => (settle(), resolve(answer)),
          reject: (error) => (settle(), reject(error instanceof Error ? error : new Error(String(error)))),
        })
        start()
      })
    },
    async close() {
      closed = true
      while (running) await running
    },
  }
}

/** Settles every question of the batch; the engine is stopped only when all who asked have gone. */
async function answerBatch(engine: Engine, batch: readonly Waiting[], tokensMax: number): Promise<void> {
  const nobodyWaits = new AbortController()
  const onAbort = () => {
    if (batch.every(({ signal }) => signal?.aborted)) nobodyWaits.abort()
  }
  for (const { signal } of batch) signal?.addEventListener('abort', onAbort)
  try {
    const questions = batch.map(({ question }) => question)
    const answers = await ask(engine, questions, { tokensMax, signal: nobodyWaits.signal })
    batch.forEach((item, row) => {
      const answer = answers[row]
      if (answer && answer.finish !== 'cancelled') item.resolve(answer)
      else item.reject(cancelled())
    })
  } catch (error) {
    for (const item of batch) item.reject(error)
  } finally {
    for (const { signal } of batch) signal?.removeEventListener('abort', onAbort)
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'who asked has gone')
}
