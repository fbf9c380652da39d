// Once an hour, beside the loop that sends. Any number of notifiers may do it at once.
import { forgetEvents } from '../../shared/webhooks/forget-events.ts'
import type { NotifierDeps } from './notifier.ts'

const hourMs = 3_600_000

/** Runs until `stop` aborts; a failure waits for the next hour. */
export async function forgetByTheHour({ db, sleep, log }: NotifierDeps, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const forgotten = await forgetEvents(db)
      if (forgotten > 0) log.info({ forgotten }, 'deleted old events')
    } catch (error) {
      log.warn({ err: error }, 'cannot delete old events')
    }
    await sleep(hourMs, stop)
  }
}
