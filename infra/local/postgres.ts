// A real Postgres in a folder: initdb once, then the server as a child process. Everything goes over TCP on
// 127.0.0.1 with a password that lies inside the data folder, so that other users of the machine are kept out
// and a socket path can never be too long.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { findFreePort } from './port.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { isWithinReach, postgresOwner, type Owner } from './postgres-owner.ts'
import { adviseOn, PlainError } from './setup/plain-error.mjs'
import { stopStalePostgres } from './postgres-stale.ts'

export interface PostgresOptions {
  /** Made on first use. Its parents must be open to the owner, see postgres-owner.ts. */
  dataFolder: string
  /** A free port is taken when absent. */
  port?: number
  /** Every line of the server's log. */
  log: (line: string) => void
  /** false for tests: no fsync, so that a run costs no disk time. What a killed *server* wrote still survives. */
  durable?: boolean
}

export interface PostgresServer {
  /** postgres://user:password@127.0.0.1:port/palimpsest, a database that exists. */
  url: string
  port: number
  /** Settles when the server process ends, however it ends. */
  exited: Promise<void>
  /** Fast shutdown: running transactions are rolled back, the data folder is left clean. */
  stop(): Promise<void>
  /** SIGKILL, as a power cut would; the next start recovers from the log. */
  kill(): Promise<void>
}

const user = 'palimpsest'
const database = 'palimpsest'
const startSeconds = 60
const stopSeconds = 20

/** Starts a server; throws with the last lines of its log when it does not come up. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataFolder, log } = options
  const owner = postgresOwner()
  if (!isWithinReach(dirname(dataFolder), owner)) {
    throw new PlainError(
      `Postgres runs as "nobody", who cannot enter ${dirname(dataFolder)}. Choose another folder, or "chmod o+x" it.`,
    )
  }
  const binaries = await findPostgresBinaries(owner)
  await initialise(binaries, dataFolder, owner, log)
  await stopStalePostgres(dataFolder, log)

  const port = options.port ?? (await findFreePort())
  const child = spawn(join(binaries, 'bin', 'postgres'), serverArguments(dataFolder, port, options.durable ?? true), {
    ...owner,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C reaches the supervisor alone, which stops the database last.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await waitUntilReady(child, log)

  const password = await readFile(join(dataFolder, 'palimpsest-password'), 'utf8')
  const urlOf = (name: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`
  await ensureDatabase(urlOf('postgres'))
  return {
    url: urlOf(database),
    port,
    exited,
    async stop() {
      child.kill('SIGINT')
      const hard = setTimeout(() => child.kill('SIGQUIT'), stopSeconds * 1000)
      await exited
      clearTimeout(hard)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function serverArguments(dataFolder: string, port: number, durable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // Lines must be recognisable whatever the machine's language is.
    lc_messages: 'C',
    log_line_prefix: '',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return ['-D', dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** PG* variables of the caller would change how initdb and the server behave. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' }
}

/** Runs initdb in a folder beside and renames it, so that an interrupted one leaves nothing half made. */
async function initialise(binaries: string, dataFolder: string, owner: Owner | undefined, log: (line: string) => void) {
  if (existsSync(join(dataFolder, 'palimpsest-password'))) return
  if (existsSync(join(dataFolder, 'PG_VERSION'))) {
    throw new Error(
      `${dataFolder} holds a Postgres that was not made here (no palimpsest-password in it). Move it away.`,
    )
  }
  const unfinished = `${dataFolder}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await chmod(unfinished, 0o700)
  const password = randomBytes(24).toString('hex')
  const passwordFile = `${unfinished}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (owner) {
    await chown(unfinished, owner.uid, owner.gid)
    await chown(passwordFile, owner.uid, owner.gid)
  }
  const args = [
    '-D',
    unfinished,
    '-U',
    user,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '-N',
  ]
  await runInitdb(join(binaries, 'bin', 'initdb'), args, owner, log)
  await rename(passwordFile, join(unfinished, 'palimpsest-password'))
  await rename(unfinished, dataFolder)
}

async function runInitdb(program: string, args: string[], owner: Owner | undefined, log: (line: string) => void) {
  const child = spawn(program, args, {
    ...owner,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      log(line)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return
  const output = lines.slice(-5).join('\n')
  throw new PlainError(`${adviseOn(output, 'The database could not be made (initdb failed).')}\n${output}`)
}

async function waitUntilReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  if (!child.stderr) throw new Error('Postgres was started without a log')
  const lines: string[] = []
  const reader = createInterface({ input: child.stderr })
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer)
      reject(
        new PlainError(
          adviseOn(lines.join('\n'), `Postgres did not start: ${reason}`) + `\n${lines.slice(-8).join('\n')}`,
        ),
      )
    }
    const timer = setTimeout(() => {
      child.kill('SIGQUIT')
      fail(`not ready after ${startSeconds} s`)
    }, startSeconds * 1000)
    reader.on('line', (line) => {
      log(line)
      lines.push(line)
      if (lines.length > 50) lines.shift()
      if (!line.includes('database system is ready to accept connections')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('error', (error) => fail(error.message))
    child.once('close', (code) => fail(`it exited with ${String(code)}`))
  })
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${database}`)
  } finally {
    await client.end()
  }
}
