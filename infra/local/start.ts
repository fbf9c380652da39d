// `npm start` after the setup: the composition of everything that runs on one machine, and its supervisor. Everything
// started is put on one list and stopped from its end, whether the reason is Ctrl-C or a start that failed half way:
// services first, the database last.
import { mkdir, statfs } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listeningUrl } from '../../shared/config.ts'
import { ensureApiKey } from './api-key.ts'
import { ENGINE_ENVIRONMENT } from './engine-environment.ts'
import { writeGreeting } from './greeting.ts'
import { applyMigrations } from './migrations.ts'
import { findFreePort, findPortTrouble, requirePort } from './port.ts'
import { choosePostgresFolder } from './postgres-owner.ts'
import { startPostgres, type PostgresServer } from './postgres.ts'
import { openProcessLog } from './process-log.ts'
import { startServiceProcess } from './service-process.ts'
import { resolveSettings, serviceEnvironment, type Settings } from './settings.ts'
import { PlainError } from './setup/plain-error.mjs'
import type { StartOptions } from './setup/start-options.mjs'
import { takeStartLock } from './start-lock.ts'
import { supervise, type SupervisorDeps } from './supervise.ts'
import { waitUntilHealthy, type WatchedService } from './wait-until-healthy.ts'

const freeBytesMin = 500_000_000
/** Orphans of a killed supervisor end by themselves within this time. */
const orphanWaitMs = 15_000
const insistMs = 2_000

const deps: SupervisorDeps = {
  clock: {
    now: () => Date.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  },
  say: (line) => console.error(line),
}

/** Runs until SIGINT or SIGTERM, then stops everything and returns. Throws a PlainError where it cannot start. */
export async function startService(repository: string, options: StartOptions): Promise<void> {
  const started = Date.now()
  const settings = resolveSettings(repository, options, process.env)
  const stopping = listenForStop()
  // Whoever reads our output may leave (a closed terminal, `| head`); that is no reason to leave the database running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const stops: (() => Promise<void>)[] = []
  try {
    await mkdir(settings.home, { recursive: true })
    await requireDisk(settings.home)
    const address = listeningUrl(settings.host, settings.port)
    const lock = await takeStartLock(settings.home, address)
    stops.push(() => lock.release())
    await requirePort(settings.port, settings.host, lock.tookOver ? orphanWaitMs : 0)

    const logFolder = join(settings.home, 'logs')
    console.log('Starting the database and the services…')
    const databaseUrl = settings.databaseUrl ?? (await keepPostgres(settings, logFolder, stops))
    await migrate(databaseUrl)
    const apiKey = await ensureApiKey(settings.home, settings.apiKey)
    const engineUrl = settings.engineUrl ?? (await chooseEngineUrl(settings.port))
    const env = serviceEnvironment(settings, { databaseUrl, engineUrl, apiKey })
    const keep = (services: ServiceMain[]): Promise<WatchedService[]> =>
      keepServices(services, { repository, env, logFolder, stops })
    const asked = await keep(settings.engineUrl === undefined ? [api, inference] : [api])

    await waitUntilHealthy(`${address}/health`, asked, stopping, deps.say)
    // Documents can be taken without these; loading the base twice at once would only keep the first question waiting.
    if (!stopping.aborted) await keep([trainer, notifier])
    if (!stopping.aborted) {
      const seconds = (Date.now() - started) / 1000
      console.log(writeGreeting({ address, apiKey, logFolder: relative(repository, logFolder) || logFolder, seconds }))
    }
    await untilAborted(stopping)
    console.log('\nStopping…')
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
  console.log('Stopped.')
}

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP. Another one after two seconds ends at once; the services notice and
 * end by themselves. Sooner it is the same one again: npm forwards what the terminal has sent to all of us.
 */
function listenForStop(): AbortSignal {
  const stopping = new AbortController()
  let first = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted && Date.now() - first > insistMs) process.exit(130)
      if (!stopping.signal.aborted) first = Date.now()
      stopping.abort()
    })
  }
  return stopping.signal
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  // The timer keeps the process alive while nothing else does.
  const alive = setInterval(() => undefined, 60_000)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  clearInterval(alive)
}

async function requireDisk(home: string): Promise<void> {
  const { bavail, bsize } = await statfs(home)
  if (bavail * bsize >= freeBytesMin) return
  throw new PlainError(
    `Only ${Math.round((bavail * bsize) / 1e6)} MB are free for ${home}, ${freeBytesMin / 1e6} are needed: ` +
      'free some space, or choose another folder with --home.',
  )
}

/** Starts Postgres and keeps it up on the same port, so that the services find it again. Returns its URL. */
async function keepPostgres(settings: Settings, logFolder: string, stops: (() => Promise<void>)[]): Promise<string> {
  if (settings.postgresPort !== undefined) {
    await requirePort(settings.postgresPort, '127.0.0.1', 0).catch((cause: unknown) => {
      throw new PlainError(`PALIMPSEST_PG_PORT ${settings.postgresPort} is taken: choose another, or leave it out.`, {
        cause,
      })
    })
  }
  const dataFolder = await choosePostgresFolder(settings.home)
  if (!dataFolder.startsWith(settings.home)) {
    console.log(
      `Postgres cannot run below ${settings.home}, which its user may not enter; its data lies in ${dataFolder}.`,
    )
  }
  const log = await openProcessLog(logFolder, 'postgres', deps.say)
  const start = (port: number | undefined): Promise<PostgresServer> =>
    startPostgres({ dataFolder, ...(port === undefined ? {} : { port }), log: (line) => log.write('stdout', line) })
  const toRunning = (server: PostgresServer) => ({
    exited: server.exited.then(() => 'see logs/postgres.log'),
    stop: () => server.stop(),
  })
  const first = await start(settings.postgresPort)
  const supervised = supervise('postgres', () => start(first.port).then(toRunning), deps, toRunning(first))
  stops.push(() => supervised.stop())
  return first.url
}

async function migrate(databaseUrl: string): Promise<void> {
  try {
    await applyMigrations(databaseUrl)
  } catch (cause) {
    const { host, pathname } = new URL(databaseUrl)
    // drizzle wraps what the database said into the text of the whole statement.
    const said = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
    const reason = said instanceof Error ? said.message : String(said)
    throw new PlainError(`The tables could not be brought up to date in the database ${host}${pathname}: ${reason}`, {
      cause,
    })
  }
}

/** Beside the API's port (8788 by default), so that two services on one machine do not reach for the same one. */
async function chooseEngineUrl(apiPort: number): Promise<string> {
  const beside = apiPort < 65535 ? apiPort + 1 : apiPort - 1
  const taken = await findPortTrouble(beside, '127.0.0.1')
  return `http://127.0.0.1:${taken === undefined ? beside : await findFreePort()}`
}

interface ServiceMain {
  name: string
  main: string
  /** What it is started with unless the environment says otherwise. */
  environment?: Readonly<Record<string, string>>
}

const api: ServiceMain = { name: 'api', main: 'services/api/server.ts' }
const inference: ServiceMain = {
  name: 'inference',
  main: 'services/inference/main.ts',
  environment: ENGINE_ENVIRONMENT,
}
const trainer: ServiceMain = { name: 'trainer', main: 'services/trainer/main.ts', environment: ENGINE_ENVIRONMENT }
const notifier: ServiceMain = { name: 'notifier', main: 'services/notifier/main.ts' }

/** Starts some of the services, each under its own supervision; they are stopped together. */
async function keepServices(
  mains: ServiceMain[],
  parts: { repository: string; env: NodeJS.ProcessEnv; logFolder: string; stops: (() => Promise<void>)[] },
): Promise<WatchedService[]> {
  const { repository, env, logFolder, stops } = parts
  const services = await Promise.all(
    mains.map(async ({ name, main, environment }): Promise<WatchedService> => {
      const log = await openProcessLog(logFolder, name, deps.say)
      const start = () => startServiceProcess({ main, repository, env: { ...environment, ...env }, log })
      return { name, log, supervised: supervise(name, start, deps) }
    }),
  )
  stops.push(async () => {
    await Promise.all(services.map(({ supervised }) => supervised.stop()))
  })
  return services
}
