// The notifier on AWS, called when a trainer's job ends and by the clock: sends what is due or falls due while it may run,
// forgets old events, and ends. Later tries are the next call's.
import { parseConfig } from '../../shared/config.ts'
import { openServerlessDatabase, untilDisconnected } from '../../shared/database/serverless.ts'
import { createLog } from '../../shared/log.ts'
import { readSecrets } from '../../shared/secrets/read-secrets.ts'
import { forgetEvents } from '../../shared/webhooks/forget-events.ts'
import { findSecondsUntilDue } from '../../shared/webhooks/find-seconds-until-due.ts'
import { openSender } from './deliver.ts'
import { notifierDefaults, runNotifier } from './notifier.ts'
import { sleep } from './sleep.ts'

const config = parseConfig({ ...process.env, ...(await readSecrets(process.env['SECRETS_PATH'])) })
const log = createLog('notifier', config.logLevel)
const database = openServerlessDatabase(config.databaseUrl, { connectionsMax: 4 })
const timeoutSeconds = 15
const sender = openSender({
  allowPrivate: config.allowPrivateWebhooks,
  publicUrl: config.publicUrl,
  timeoutSeconds,
  now: () => new Date(),
})
/** Left for the tries under way and for writing them down. */
const endSeconds = timeoutSeconds + notifierDefaults.recordSeconds

export async function handler(_event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const db = database.query
  const stop = new AbortController()
  const stopWhenIdle = async (): Promise<void> => {
    for (;;) {
      const leftSeconds = context.getRemainingTimeInMillis() / 1000 - endSeconds
      const seconds = await findSecondsUntilDue(db)
      if (seconds === undefined || seconds > leftSeconds) break
      await sleep(notifierDefaults.pollMs)
    }
  }
  const running = runNotifier({ db, sender, sleep, random: Math.random, log }, notifierDefaults, stop.signal)
  try {
    await stopWhenIdle().finally(() => stop.abort())
    await forgetEvents(db)
  } finally {
    await running
    await untilDisconnected(database)
  }
}
