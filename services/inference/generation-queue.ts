// Prompts wait here for the engine, which runs one batch at a time: whatever has gathered by the time it is free and
// needs the same adapter goes in together, oldest first, each with its own sampling and length. Under load the batches
// fill by themselves; a lone question waits for nothing.
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine, Generation, RowOptions } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'

export interface Generating {
  /** Token ids, at least one. */
  prompt: readonly number[]
  /** Null for the base alone. */
  adapter: Adapter | null
  options: RowOptions & { tokensMax: number }
}

export interface GenerationQueue {
  /** Throws `unavailable`, with the time to try again, where so many prompts more would wait too long. */
  checkRoom(prompts: number): void
  /** Rejects with `cancelled` when the signal aborts first, the others of its batch go on; else as `checkRoom` throws. */
  submit(generating: Generating, signal?: AbortSignal): Promise<Generation>
  /** Refuses new prompts (`unavailable`) and resolves when those taken are done. */
  close(): Promise<void>
}

export interface GenerationQueueOptions {
  /** Prompts of one batch. Decode speed in all grows up to about 16 rows; more only makes each wait longer. */
  rowsMax?: number
  /**
   * Prompts that may wait. Who is refused at once can go elsewhere or come back; eight full batches of 64 tokens take
   * most of the minute that the API waits for an answer on two cores.
   */
  waitingMax?: number
  /** Milliseconds since some fixed moment. */
  clock?: () => number
}

interface Waiting {
  generating: Generating
  signal: AbortSignal | undefined
  resolve(generation: Generation): void
  reject(error: unknown): void
}

export function createGenerationQueue(
  engine: Engine,
  { rowsMax = 16, waitingMax = 128, clock = () => performance.now() }: GenerationQueueOptions = {},
): GenerationQueue {
  let waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let closed = false
  /** What the last batch took. */
  let batchSeconds = 1

  /** Takes the oldest prompt and those that can run with it; null when none waits. */
  function takeBatch(): Waiting[] | null {
    waiting = waiting.filter((item) => !item.signal?.aborted)
    const [oldest] = waiting
    if (!oldest) return null
    const { adapter } = oldest.generating
    const batch = waiting.filter(({ generating }) => generating.adapter === adapter).slice(0, rowsMax)
    waiting = waiting.filter((item) => !batch.includes(item))
    return batch
  }

  async function run(): Promise<void> {
    // A turn of the event loop, so that requests which arrived together also run together.
    await new Promise((resolve) => setImmediate(resolve))
    for (let batch = takeBatch(); batch; batch = takeBatch()) {
      const startedAt = clock()
      await runBatch(engine, batch)
      batchSeconds = (clock() - startedAt) / 1000
    }
  }

  function start(): void {
    running ??= run().finally(() => {
      running = null
      if (waiting.length > 0) start()
    })
  }

  function checkRoom(prompts: number): void {
    if (closed) throw new AppError('unavailable', 'inference is shutting down')
    waiting = waiting.filter(({ signal }) => !signal?.aborted)
    if (waiting.length + prompts <= waitingMax) return
    throw new AppError('unavailable', `${waiting.length} questions wait already: too many are asked at once.`, {
      retryAfterSeconds: Math.ceil((waiting.length / rowsMax) * batchSeconds),
    })
  }

  return {
    checkRoom,
    submit(generating, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled())
        checkRoom(1)
        const onAbort = () => reject(cancelled())
        signal?.addEventListener('abort', onAbort, { once: true })
        const settle = () => signal?.removeEventListener('abort', onAbort)
        waiting.push({
          generating,
          signal,
          resolve: (generation) => (settle(), resolve(generation)),
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

/** Settles every prompt of the batch; one whose asker has gone ends there, the others go on. */
async function runBatch(engine: Engine, batch: readonly Waiting[]): Promise<void> {
  try {
    const generations = await engine.generate(
      batch.map(({ generating }) => generating.prompt),
      {
        adapter: batch[0]?.generating.adapter ?? null,
        tokensMax: 1, // each row says its own
        rows: batch.map(({ generating, signal }) => ({ ...generating.options, ...(signal ? { signal } : {}) })),
      },
    )
    batch.forEach((item, row) => {
      const generation = generations[row]
      if (generation && generation.finish !== 'cancelled') item.resolve(generation)
      else item.reject(cancelled())
    })
  } catch (error) {
    for (const item of batch) item.reject(error)
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'who asked has gone')
}
