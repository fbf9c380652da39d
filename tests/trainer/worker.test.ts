import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import type { Lease } from '../../shared/updates/lease.ts'
import { runWorker } from '../../services/trainer/worker.ts'
import type { Clock, WorkerParts } from '../../services/trainer/worker.ts'

class Broken extends Error {}

interface Job {
  lease: Lease
}

/** What became of each update, in order: the worker's whole effect. */
function makeQueue(
  waiting: number,
  work: (update: string, signal: AbortSignal) => Promise<void>,
  { idleUntil = 0, drains = false } = {},
) {
  const outcomes: string[] = []
  const stop = new AbortController()
  const jobs: Job[] = Array.from({ length: waiting }, (_, index) => ({
    lease: { updateId: `upd_${index + 1}`, token: index + 1 },
  }))
  const cancelled = new Set<string>()
  const lost = new Set<string>()
  const failures: Error[] = []
  const dueAt: number[] = []
  let now = 0
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, signal) => {
      now += ms
      // Lets everything that is ready run before time goes on.
      await new Promise((resolve) => setImmediate(resolve))
      if (signal.aborted) return
    },
  }
  const parts: WorkerParts<Job> = {
    claim: async () => {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      const job = jobs.shift()
      if (job === undefined && now >= idleUntil && !drains) stop.abort()
      return job
    },
    renew: async ({ updateId }) => {
      if (lost.has(updateId)) throw new AppError('lease_lost', 'taken over')
      return { cancelRequested: cancelled.has(updateId) }
    },
    isFatal: (error) => error instanceof Broken,
    isDrained: async () => drains && now >= idleUntil,
    queueDue: async () => {
      dueAt.push(now)
    },
    workOn: async ({ lease }, signal) => {
      await work(lease.updateId, signal)
      outcomes.push(`${lease.updateId} done`)
    },
    release: async ({ updateId }, error) =>
      void outcomes.push(`${updateId} released${error === undefined ? '' : ` after ${error.code}`}`),
    fail: async ({ updateId }, error) => void outcomes.push(`${updateId} failed: ${error.message}`),
    cancel: async ({ updateId }) => void outcomes.push(`${updateId} cancelled`),
    leaseSeconds: 20,
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  }
  return { parts, outcomes, stop, cancelled, lost, failures, dueAt, now: () => now }
}

/** Work that goes on until it is told to stop. */
const forever = (_update: string, signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('the worker', () => {
  test('takes one update after another', async () => {
    const queue = makeQueue(3, async () => undefined)
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual(['upd_1 done', 'upd_2 done', 'upd_3 done'])
  })

  test('tries again what may pass, fails what will not, by the table of errors', async () => {
    const queue = makeQueue(3, async (update) => {
      if (update === 'upd_1') throw new AppError('store_failed', 'the bucket is away')
      if (update === 'upd_2') throw new AppError('unprocessable_document', 'nothing to ask')
      throw new TypeError('a mistake of ours')
    })
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual([
      'upd_1 released after store_failed',
      'upd_2 failed: nothing to ask',
      'upd_3 released after internal',
    ])
  })

  test('stops the work of an update that shall be cancelled, and goes on with the next', async () => {
    const queue = makeQueue(2, async (update, signal) => (update === 'upd_1' ? forever(update, signal) : undefined))
    queue.cancelled.add('upd_1')
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual(['upd_1 cancelled', 'upd_2 done'])
  })

  test('says nothing more about an update that another worker took over', async () => {
    const queue = makeQueue(2, async (update, signal) => (update === 'upd_1' ? forever(update, signal) : undefined))
    queue.lost.add('upd_1')
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual(['upd_2 done'])
  })

  test('puts the update back at shutdown, whatever error the interrupted work ends with', async () => {
    const queue = makeQueue(1, async (_update, signal) => {
      queue.stop.abort()
      if (signal.aborted) throw new Error('a session was closed under me')
    })
    expect(await runWorker(queue.parts, queue.stop.signal)).toBe('stopped')
    expect(queue.outcomes).toEqual(['upd_1 released'])
  })

  test('ends when the process is of no more use, even where the update was cancelled meanwhile; the rest waits', async () => {
    for (const cancel of [false, true]) {
      const queue = makeQueue(2, async (_update, signal) => {
        if (cancel) await forever('', signal).catch(() => undefined)
        throw new Broken('the weights are gone')
      })
      if (cancel) queue.cancelled.add('upd_1')
      expect(await runWorker(queue.parts, queue.stop.signal)).toBe('broken')
      expect(queue.outcomes).toEqual([cancel ? 'upd_1 cancelled' : 'upd_1 released after internal'])
    }
  })

  test('that drains works off what waits, waits for what is to be tried again, and ends', async () => {
    const queue = makeQueue(2, async () => undefined, { idleUntil: 5_000, drains: true })
    expect(await runWorker(queue.parts, queue.stop.signal)).toBe('drained')
    expect(queue.outcomes).toEqual(['upd_1 done', 'upd_2 done'])
    expect(queue.now()).toBeGreaterThanOrEqual(5_000)
  })

  test('looks for what is due when nothing waits, once a minute', async () => {
    const queue = makeQueue(1, async () => undefined, { idleUntil: 130_000 })
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual(['upd_1 done'])
    const first = queue.dueAt[0] ?? NaN
    expect(queue.dueAt.map((at) => at - first)).toEqual([0, 60_000, 120_000])
  })

  test('waits ever longer for a database that is away, then works on', async () => {
    const queue = makeQueue(1, async () => undefined)
    queue.failures.push(new Error('refused'), new Error('refused'), new Error('refused'))
    await runWorker(queue.parts, queue.stop.signal)
    expect(queue.outcomes).toEqual(['upd_1 done'])
    expect(queue.now()).toBeGreaterThanOrEqual(500 + 1000 + 2000)
  })
})
