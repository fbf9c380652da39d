// So many prompts at once and no more: whoever generates (the engine, a server outside) batches and keeps its own order, but
// who would wait too long is told so at once, and can go elsewhere or come back.
import { AppError } from '../../shared/errors.ts'
import type { Generation } from '../engine/engine.ts'
import type { Generating, GenerationQueue } from './generation-queue.ts'

export interface BoundedQueueOptions {
  underWayMax: number
  /** Milliseconds since some fixed moment. */
  clock?: () => number
}

/** `generate` rejects with `cancelled` when the signal aborts. */
export function createBoundedQueue(
  generate: (generating: Generating, signal?: AbortSignal) => Promise<Generation>,
  { underWayMax, clock = () => performance.now() }: BoundedQueueOptions,
): GenerationQueue {
  const underWay = new Set<Promise<Generation>>()
  let closed = false
  let lastEnd = 0
  /** Between two that end, of late; a guess until some have. */
  let secondsEach = 0.25

  function checkRoom(prompts: number): void {
    if (closed) throw new AppError('unavailable', 'inference is shutting down')
    if (underWay.size + prompts <= underWayMax) return
    throw new AppError('unavailable', `${underWay.size} questions wait already: too many are asked at once.`, {
      retryAfterSeconds: Math.ceil(underWay.size * secondsEach),
    })
  }

  return {
    checkRoom,
    async submit(generating, signal) {
      if (signal?.aborted) throw new AppError('cancelled', 'who asked has gone')
      checkRoom(1)
      if (underWay.size === 0) lastEnd = clock()
      const generation = generate(generating, signal)
      underWay.add(generation)
      return await generation.finally(() => {
        underWay.delete(generation)
        secondsEach += ((clock() - lastEnd) / 1000 - secondsEach) / 16
        lastEnd = clock()
      })
    },
    async close() {
      closed = true
      await Promise.allSettled(underWay)
    },
  }
}
