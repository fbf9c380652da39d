// The whole service as `npm start` runs it, in a folder and on a port of its own: Postgres, API, inference, trainer and
// notifier as processes under the supervisor. Tests talk HTTP to it; those that break things find its processes here.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { choosePostgresFolder } from '../../infra/local/postgres-owner.ts'
import { findFreePort } from '../../infra/local/port.ts'
import { createClient, type Client } from './client.ts'

export interface TestService {
  url: string
  key: string
  /** Its state folder. */
  home: string
  client: Client
  /** Of its own Postgres, for looking on and for standing in the way. */
  databaseUrl: string
  /** The environment that its services run in, for starting one more. */
  environment: NodeJS.ProcessEnv
  /** Everything the supervisor said. */
  output(): string
  /** What a service has written to its log. */
  readLog(name: ServiceName): Promise<string>
  /** The process that runs this service now; undefined between its end and its next start. */
  findProcess(name: ServiceName | 'postgres'): Promise<number | undefined>
  /** As Ctrl-C does. Resolves with the exit status when all of it has ended. */
  stop(): Promise<number | null>
  /** Stops what still runs and removes the state folder. */
  remove(): Promise<void>
}

export type ServiceName = 'api' | 'inference' | 'trainer' | 'notifier'

export const repository = fileURLToPath(new URL('../..', import.meta.url))
export const serviceMains: Record<ServiceName, string> = {
  api: 'services/api/server.ts',
  inference: 'services/inference/main.ts',
  trainer: 'services/trainer/main.ts',
  notifier: 'services/notifier/main.ts',
}

/** Variables of the caller that would send the service elsewhere; empty counts as unset. */
const unset = Object.fromEntries(
  [
    ...['DATABASE_URL', 'ENGINE_URL', 'BASE_MODEL', 'STUDY_ADAPTER', 'PORT', 'HOST', 'PALIMPSEST_HOME'],
    ...['PALIMPSEST_API_KEY', 'PALIMPSEST_PG_PORT', 'S3_BUCKET', 'S3_ENDPOINT', 'LOG_LEVEL', 'LEASE_SECONDS'],
  ].map((name) => [name, '']),
)

/** Resolves when it says that it is ready; throws with everything it said when it ends before. */
export async function startTestService(env: Record<string, string> = {}): Promise<TestService> {
  const home = await mkdtemp(join(tmpdir(), 'palimpsest-service-'))
  await chmod(home, 0o711) // the database's user passes through
  const port = await findFreePort()
  const ownEnvironment = { ...process.env, ...unset, ...env }
  // As a user does: signals come to npm, which must pass them on.
  const child = spawn('npm', ['start', '--', '--home', home, '--port', String(port)], {
    cwd: repository,
    env: ownEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += String(chunk)
        if (output.includes('Palimpsest is ready')) resolve()
      })
  })
  const remove = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    await rm(home, { recursive: true, force: true })
  }
  const endedEarly = await Promise.race([ready.then(() => false), ended.then(() => true)])
  if (endedEarly) {
    await remove()
    throw new Error(`the service did not start:\n${output}`)
  }

  const url = `http://127.0.0.1:${port}`
  const key = (await readFile(join(home, 'api-key'), 'utf8')).trim()
  const postgresFolder = await choosePostgresFolder(home)
  const databaseUrl = await readDatabaseUrl(postgresFolder)
  const supervisor = await readSupervisor(home)
  return {
    url,
    key,
    home,
    client: createClient(url, key),
    databaseUrl,
    environment: {
      ...ownEnvironment,
      ...{ DATABASE_URL: databaseUrl, PALIMPSEST_HOME: home, PALIMPSEST_API_KEY: key, TF_CPP_MIN_LOG_LEVEL: '1' },
    },
    output: () => output,
    readLog: (name) => readFile(join(home, 'logs', `${name}.log`), 'utf8'),
    findProcess: (name) =>
      name === 'postgres' ? findPostmaster(postgresFolder) : findChild(supervisor, serviceMains[name]),
    async stop() {
      child.kill('SIGTERM')
      return await ended
    },
    remove,
  }
}

/** Process id of the supervisor, which is a child of npm. */
async function readSupervisor(home: string): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as { pid: number }
  return pid
}

async function readDatabaseUrl(folder: string): Promise<string> {
  const password = await readFile(join(folder, 'palimpsest-password'), 'utf8')
  const port = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[3]
  return `postgres://palimpsest:${password}@127.0.0.1:${port}/palimpsest`
}

async function findPostmaster(folder: string): Promise<number | undefined> {
  const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  return pid > 0 && (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) !== undefined ? pid : undefined
}

/** The living child of `parent` whose command line names `main`. */
async function findChild(parent: number, main: string): Promise<number | undefined> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // After the name in brackets: state, parent.
    const [state, ofParent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(ofParent) !== parent || state === 'Z') continue
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command.split('\0').includes(main)) return Number(name)
  }
  return undefined
}
