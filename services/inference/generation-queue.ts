// Prompts go straight to the engine, which answers together what is there together, each with its own sampling and length
// (services/engine/generate/decoder.ts); only their number is bounded here.
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine, Generation, RowOptions } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'
import { createBoundedQueue, type BoundedQueueOptions } from './bounded-queue.ts'

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
  /** Rejects with `cancelled` when the signal aborts first, all others go on; else as `checkRoom` throws. */
  submit(generating: Generating, signal?: AbortSignal): Promise<Generation>
  /** Refuses new prompts (`unavailable`) and resolves when those taken are done. */
  close(): Promise<void>
}

/** Rows that the engine of an inference process decodes together: speed in all grows up to about so many. */
export const ANSWER_ROWS_MAX = 16
/** Sixteen that run, and as many as take most of the minute that the API waits for an answer of 64 tokens on two cores. */
const UNDER_WAY_MAX = 9 * ANSWER_ROWS_MAX

export function createGenerationQueue(engine: Engine, options: Partial<BoundedQueueOptions> = {}): GenerationQueue {
  return createBoundedQueue((generating, signal) => generate(engine, generating, signal), {
    underWayMax: UNDER_WAY_MAX,
    ...options,
  })
}

async function generate(
  engine: Engine,
  { prompt, adapter, options }: Generating,
  signal?: AbortSignal,
): Promise<Generation> {
  const [generation] = await engine.generate([prompt], {
    adapter,
    tokensMax: options.tokensMax,
    rows: [options],
    ...(signal ? { signal } : {}),
  })
  if (!generation || generation.finish === 'cancelled') throw new AppError('cancelled', 'who asked has gone')
  return generation
}
