// The notifier's process: `tsx services/notifier/main.ts`. It holds nothing that is not in the database, so any number
// of them may run, and each may be killed.
import { parseConfig } from '../../shared/config.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { createLog } from '../../shared/log.ts'
import { openSender } from './deliver.ts'
import { forgetByTheHour } from './forget-by-the-hour.ts'
import { notifierDefaults, runNotifier } from './notifier.ts'
import { sleep } from './sleep.ts'

const config = parseConfig(process.env)
const log = createLog('notifier', config.logLevel)
const database = openDatabase(config.databaseUrl, {
  onIdleError: (error) => log.warn({ err: error }, 'lost an idle database connection'),
})
const sender = openSender({
  allowPrivate: config.allowPrivateWebhooks,
  publicUrl: config.publicUrl,
  timeoutSeconds: 15,
  now: () => new Date(),
})

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'stopping: no new deliveries, those under way are finished')
    stop.abort()
  })
}

log.info({ allowPrivate: config.allowPrivateWebhooks !== false, publicUrl: config.publicUrl }, 'ready')
const deps = { db: database.query, sender, sleep, random: Math.random, log }
await Promise.all([runNotifier(deps, notifierDefaults, stop.signal), forgetByTheHour(deps, stop.signal)])
await sender.close()
await database.close()
log.info('stopped')
