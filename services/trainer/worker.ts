// The claim loop: one update after another, under a lease that is renewed while the work goes on. It knows no SQL and no
// tensors; what it does with an error is read from the table of errors.
import { AppError, errorCode, ERRORS } from '../../shared/errors.ts'
import type { Lease } from '../../shared/updates/lease.ts'

export interface Clock {
  /** Milliseconds, of any origin. */
  now(): number
  /** Resolves after the time, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface WorkerParts<Claim extends { lease: Lease }> {
  /** The next update under a fresh lease, undefined when none waits. */
  claim(): Promise<Claim | undefined>
  /** Throws `lease_lost` when another worker has it. */
  renew(lease: Lease): Promise<{ cancelRequested: boolean }>
  /**
   * Brings the update, whatever its kind, to promoted or rejected; throws for everything else, and the signal's reason when
   * aborted.
   */
  workOn(claim: Claim, signal: AbortSignal): Promise<void>
  /** After such an error the process is of no more use: the worker ends, once the update is put back. */
  isFatal(error: unknown): boolean
  /** Asked when there is nothing to claim: true ends the worker, as its work is done. */
  isDrained(): Promise<boolean>
  /** Queues what is due by the clock; asked when nothing waits, at most once a minute. */
  queueDue(): Promise<void>
  /** Back to the queue: at shutdown without an error, else to be tried again later. */
  release(lease: Lease, error?: UpdateError): Promise<void>
  fail(lease: Lease, error: UpdateError): Promise<void>
  cancel(lease: Lease): Promise<void>
  /** What `claim` and `renew` grant. */
  leaseSeconds: number
  clock: Clock
  log: WorkerLog
}

interface UpdateError {
  code: string
  message: string
}

interface WorkerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Three renewals may fail before the lease runs out. */
const RENEWALS_PER_LEASE = 4
const IDLE_POLL_MS = 500
const BACKOFF_MS_MAX = 30_000
/** What is due is due in hours. */
const DUE_POLL_MS = 60_000

class Shutdown extends Error {}

/** Runs until the signal aborts, the work is done or an error is fatal; the update under way is released. */
export async function runWorker<Claim extends { lease: Lease }>(
  parts: WorkerParts<Claim>,
  signal: AbortSignal,
): Promise<'stopped' | 'drained' | 'broken'> {
  let backoffMs = IDLE_POLL_MS
  let lookedAt = -Infinity
  while (!signal.aborted) {
    try {
      const claim = await parts.claim()
      backoffMs = IDLE_POLL_MS
      if (claim !== undefined) {
        if (!(await work(parts, claim, signal))) return signal.aborted ? 'stopped' : 'broken'
      } else if (await parts.isDrained()) return 'drained'
      else if (parts.clock.now() - lookedAt >= DUE_POLL_MS) {
        lookedAt = parts.clock.now()
        await parts.queueDue()
      } else await parts.clock.sleep(IDLE_POLL_MS, signal)
    } catch (error) {
      // Claiming or the last word on an update failed: the database is away, or something is broken that a tight loop
      // would not mend. An update whose end could not be written is taken up again when its lease runs out.
      parts.log.error({ err: error, backoffMs }, 'could not reach the queue')
      await parts.clock.sleep(backoffMs, signal)
      backoffMs = Math.min(2 * backoffMs, BACKOFF_MS_MAX)
    }
  }
  return 'stopped'
}

/** False: the process can do no further work. */
async function work<Claim extends { lease: Lease }>(
  parts: WorkerParts<Claim>,
  claim: Claim,
  signal: AbortSignal,
): Promise<boolean> {
  const { lease } = claim
  const stop = new AbortController()
  const shutDown = () => stop.abort(new Shutdown('the worker is shutting down'))
  signal.addEventListener('abort', shutDown)
  if (signal.aborted) shutDown()
  const over = new AbortController()
  const renewing = keepLease(parts, lease, stop, over.signal)
  try {
    await parts.workOn(claim, stop.signal)
    parts.log.info({ update_id: lease.updateId }, 'update finished')
    return true
  } catch (error) {
    // What stopped the work is the reason, whatever the work made of it.
    await settle(parts, lease, stop.signal.aborted ? stop.signal.reason : error)
    return !parts.isFatal(error)
  } finally {
    over.abort()
    signal.removeEventListener('abort', shutDown)
    await renewing
  }
}

/** Renews until `over`; stops the work when the lease is lost or the update shall be cancelled. */
async function keepLease<Claim extends { lease: Lease }>(
  parts: WorkerParts<Claim>,
  lease: Lease,
  stop: AbortController,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    await parts.clock.sleep((parts.leaseSeconds * 1000) / RENEWALS_PER_LEASE, over)
    if (over.aborted) return
    try {
      const { cancelRequested } = await parts.renew(lease)
      if (cancelRequested) stop.abort(new AppError('cancelled', 'cancelled by request'))
    } catch (error) {
      // Anything but a lost lease may pass; an expired lease that nobody took over still holds.
      if (errorCode(error) === 'lease_lost') return stop.abort(error)
      parts.log.warn({ err: error, update_id: lease.updateId }, 'could not renew the lease')
    }
  }
}

async function settle<Claim extends { lease: Lease }>(
  parts: WorkerParts<Claim>,
  lease: Lease,
  error: unknown,
): Promise<void> {
  const about = { update_id: lease.updateId }
  const code = errorCode(error)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Shutdown) {
    parts.log.info(about, 'update put back: shutting down')
    return await parts.release(lease)
  }
  if (code === 'lease_lost') return parts.log.warn(about, 'update taken over by another worker')
  if (code === 'cancelled') {
    parts.log.info(about, 'update cancelled')
    return await parts.cancel(lease)
  }
  if (ERRORS[code].retry) {
    parts.log.warn({ err: error, ...about }, 'update failed, to be tried again')
    return await parts.release(lease, { code, message })
  }
  parts.log.error({ err: error, ...about }, 'update failed')
  await parts.fail(lease, { code, message })
}
