// The loop: claim what is due, send it, write down what came of it. Tries run side by side; a slow endpoint holds its
// own places only. Each try may happen twice (a crash between sending and writing), which is why the message's id
// stays the same; none is forgotten.
import type { Db } from '../../shared/database/database.ts'
import { isDatabaseDown } from '../../shared/database/database.ts'
import type { Log } from '../../shared/log.ts'
import { claimDeliveries, type ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'
import { recordAttempt, type Attempt } from '../../shared/webhooks/record-attempt.ts'
import type { Sender } from './deliver.ts'

export interface NotifierDeps {
  db: Db
  sender: Sender
  /** Resolves after the time, or at once when the signal aborts. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  random: () => number
  log: Log
}

export interface NotifierSettings {
  /** How often an idle notifier looks for work. */
  pollMs: number
  /** Tries under way at once, in all and for one endpoint. */
  concurrency: number
  concurrencyPerWebhook: number
  /** A delivery whose notifier died is tried again after it; well above the time a try may take. */
  leaseSeconds: number
  /** How long the result of a try is kept for a database that is away. */
  recordSeconds: number
}

export const notifierDefaults: NotifierSettings = {
  pollMs: 1000,
  concurrency: 16,
  concurrencyPerWebhook: 4,
  leaseSeconds: 60,
  recordSeconds: 30,
}

const backoffMsMax = 15_000

/** Runs until `stop` aborts, then waits for the tries under way. Outlives any outage of the database. */
export async function runNotifier(deps: NotifierDeps, settings: NotifierSettings, stop: AbortSignal): Promise<void> {
  const underWay = new Map<string, number>()
  const tries = new Set<Promise<void>>()
  let wake = new AbortController()
  stop.addEventListener('abort', () => wake.abort(), { once: true })

  const start = (delivery: ClaimedDelivery): void => {
    const { id } = delivery.webhook
    underWay.set(id, (underWay.get(id) ?? 0) + 1)
    const one = tryOnce(deps, settings, delivery).finally(() => {
      tries.delete(one)
      const left = (underWay.get(id) ?? 1) - 1
      if (left > 0) underWay.set(id, left)
      else underWay.delete(id)
      wake.abort() // there is room again
    })
    tries.add(one)
  }

  let failures = 0
  while (!stop.aborted) {
    wake = new AbortController()
    try {
      const limit = settings.concurrency - tries.size
      const { concurrencyPerWebhook: limitPerWebhook, leaseSeconds } = settings
      const claimed = await claimDeliveries(deps.db, { limit, limitPerWebhook, leaseSeconds, underWay })
      if (failures > 0) deps.log.info('the database is back')
      failures = 0
      claimed.forEach(start)
      await deps.sleep(settings.pollMs, wake.signal)
    } catch (error) {
      const pauseMs = backoffMs(failures++, deps.random)
      deps.log.warn({ err: error, retryMs: Math.round(pauseMs) }, 'cannot claim deliveries')
      await deps.sleep(pauseMs, stop)
    }
  }
  await Promise.all(tries)
}

async function tryOnce(deps: NotifierDeps, settings: NotifierSettings, delivery: ClaimedDelivery): Promise<void> {
  const startedAt = performance.now()
  const result = { ...(await deps.sender.send(delivery)), durationMs: performance.now() - startedAt }
  const facts = { delivery: delivery.id, webhook: delivery.webhook.id, attempt: delivery.attempt, ...result }
  deps.log[result.outcome === 'delivered' ? 'info' : 'warn'](facts, result.outcome)
  await record(deps, settings, delivery, result)
}

/** Keeps trying while the database is away; gives the delivery up to its lease after that. Never throws. */
async function record(
  deps: NotifierDeps,
  { recordSeconds }: NotifierSettings,
  delivery: ClaimedDelivery,
  result: Attempt,
): Promise<void> {
  let waitedMs = 0
  for (let failures = 0; ; failures++) {
    try {
      return await recordAttempt(deps.db, delivery, result, deps.random)
    } catch (error) {
      const pauseMs = backoffMs(failures, deps.random)
      waitedMs += pauseMs
      if (!isDatabaseDown(error) || waitedMs > recordSeconds * 1000) {
        deps.log.error({ err: error, delivery: delivery.id }, 'cannot write down a try; it will be made again')
        return
      }
      await deps.sleep(pauseMs)
    }
  }
}

function backoffMs(failures: number, random: () => number): number {
  return Math.min(backoffMsMax, 250 * 2 ** failures) * (0.5 + random() / 2)
}
