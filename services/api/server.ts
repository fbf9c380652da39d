// The API as a Node process. It listens before the database answers, because /health is how others see what is missing;
// the model `default` is made as soon as it can be.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { parseConfig, type Config } from '../../shared/config.ts'
import { isDatabaseDown, openDatabase, type Database } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import { createLog, type Log } from '../../shared/log.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { startTracing } from '../../shared/tracing.ts'
import { clock, openApp } from './open-app.ts'

/** A request under way is given this long at shutdown. */
const drainMs = 5_000

async function main(): Promise<void> {
  const config = parseConfig(process.env)
  const log = createLog('api', config.logLevel)
  const stopTracing = startTracing('api', config.tracesUrl, log)
  const database = openDatabase(config.databaseUrl, {
    onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
  })
  const stopping = new AbortController()
  const app = openApp(config, {
    database,
    apiKey: config.apiKey ?? (await readApiKey(config.home)),
    log,
    shutdown: stopping.signal,
  })
  const listener = getRequestListener(app.fetch)
  const server = createServer((request, response) => void listener(request, response))
  server.listen(config.port, config.host)
  await once(server, 'listening')
  const { address, port } = server.address() as AddressInfo
  log.info({ address, port }, 'listening')

  const making = makeDefaultModel(database, config, log, stopping.signal)
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  log.info('stopping')
  stopping.abort()
  await close(server)
  await making
  await database.close()
  await stopTracing()
}

/** Ends what is idle at once and again as requests end, then, after `drainMs`, what is still under way. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(sweep)
  clearTimeout(deadline)
}

async function readApiKey(home: string): Promise<string> {
  const path = join(home, 'api-key')
  try {
    const key = (await readFile(path, 'utf8')).trim()
    if (key !== '') return key
  } catch (cause) {
    throw new AppError('invalid_request', `There is no key: set PALIMPSEST_API_KEY, or write one to ${path}.`, {
      cause,
    })
  }
  throw new AppError('invalid_request', `${path} is empty: write a key to it, or set PALIMPSEST_API_KEY.`)
}

/** Until it succeeds: the database may still be starting, its migrations may still be under way. */
async function makeDefaultModel(database: Database, config: Config, log: Log, signal: AbortSignal): Promise<void> {
  for (let delayMs = 200; !signal.aborted; delayMs = Math.min(delayMs * 2, 5_000)) {
    try {
      await ensureModel(database.query, { name: 'default', base: basename(config.baseModel) })
      return
    } catch (error) {
      const why = isDatabaseDown(error) ? 'the database does not answer yet' : 'the model `default` could not be made'
      log.warn({ err: error, retry_ms: delayMs }, why)
      await clock.sleep(delayMs, signal)
    }
  }
}

await main()
