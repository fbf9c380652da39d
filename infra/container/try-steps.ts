// The container without Docker: the build steps of the Dockerfile, taken from it, in a folder, then each process as the
// image starts it: another root that is read-only, a user without rights, /tmp alone writable. What stands in for the
// image's Debian is this machine's /usr. Needs Linux and root: npm run try:container -- FOLDER (kept; made when missing).
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../local/postgres.ts'
import { cacheFolder } from '../local/setup/cache.mjs'

const repository = join(import.meta.dirname, '../..')
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: npm run try:container -- FOLDER')
const [app, opt] = [join(folder, 'app'), join(folder, 'palimpsest')]
const notRun: string[] = []

/** Bound read-only, but for what is built; then the command in that root, as the same process. */
const enter = `
  root=$(mktemp -d) && mount -t tmpfs none $root && cd $root
  mkdir -p usr etc dev proc tmp app opt/palimpsest && ln -s usr/bin usr/sbin usr/lib usr/lib64 .
  for from in usr etc dev; do mount --rbind /$from $from; done
  mount --bind /usr usr && mount -o remount,bind,ro usr && mount -t proc none proc
  mount -t tmpfs none tmp && chmod 1777 tmp
  mount --bind "$APP" app && mount --bind "$OPT" opt/palimpsest
  for pip in /root/.pyenv; do if [ "$MODE" = rw ] && [ -d $pip ]; then mkdir -p .$pip && mount --bind $pip .$pip; fi; done
  if [ "$MODE" = ro ]; then mount -o remount,bind,ro app; mount -o remount,bind,ro opt/palimpsest; mount -o remount,ro .; fi
  exec chroot --userspec=$AS . /usr/bin/env -C /app "$@"`

interface Inside {
  mode: 'rw' | 'ro'
  env?: Record<string, string>
}

function inRoot(command: string[], { mode, env = {} }: Inside): ChildProcess {
  const as = mode === 'rw' ? '0:0' : '10001:10001'
  return spawn('unshare', ['--mount', 'bash', '-euc', enter, 'enter', ...command], {
    env: { ...process.env, ...env, APP: app, OPT: opt, MODE: mode, AS: as },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  return await new Promise((resolve) => child.once('exit', resolve))
}

function report(step: string, passed: boolean): void {
  console.log(`${passed ? 'passed' : 'FAILED'}: ${step}`)
  if (!passed) process.exitCode = 1
}

/** The instructions between `AS build` and the next image, continued lines joined. */
function buildSteps(): string[] {
  const lines = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
  const from = lines.findIndex((line) => /^FROM .* AS build$/.test(line))
  const stage = lines.slice(from + 1)
  return stage
    .slice(
      0,
      stage.findIndex((line) => line.startsWith('FROM')),
    )
    .filter((line) => /^(RUN|COPY) /.test(line))
}

async function build(): Promise<void> {
  mkdirSync(app, { recursive: true })
  mkdirSync(opt, { recursive: true })
  // What this machine has of the downloads is not fetched a second time; each is checked as a fresh one is.
  if (existsSync(cacheFolder()))
    for (const name of ['base', `tensorflow-2.21.0-${process.arch}`])
      if (existsSync(join(cacheFolder(), name)))
        cpSync(join(cacheFolder(), name), join(opt, name), { recursive: true, preserveTimestamps: true })
  for (const step of buildSteps()) {
    const [, instruction = '', rest = ''] = /^(RUN|COPY) +(.*)$/.exec(step) ?? []
    if (rest.startsWith('apt-get')) {
      notRun.push(`${step}: this machine's own compiler and Python are used`)
      continue
    }
    console.log(step)
    if (instruction === 'COPY') {
      const words = rest.split(' ')
      const target = words.pop() ?? ''
      for (const from of words) cpSync(join(repository, from), join(app, target === './' ? from : target), copying)
    } else {
      const env = { PALIMPSEST_CACHE: '/opt/palimpsest', DEVICE: 'cpu' }
      const code = await exitCode(inRoot(['sh', '-c', rest], { mode: 'rw', env }))
      if (code !== 0) throw new Error(`${step} ended with ${code}`)
    }
  }
}

/** As infra/container/Dockerfile.dockerignore has it. */
const copying = { recursive: true, filter: (from: string) => !/services\/dashboard\/dist/.test(from) }

async function untilHealthy(url: string): Promise<boolean> {
  for (let tries = 0; tries < 120; tries++) {
    if ((await exitCode(inRoot(['node', 'infra/container/check-health.mjs', url], { mode: 'ro' }))) === 0) return true
    await sleep(1_000)
  }
  return false
}

async function run(databaseUrl: string): Promise<void> {
  const [apiPort, inferencePort] = [18_787, 18_788]
  const common = {
    NODE_ENV: 'production',
    PALIMPSEST_HOME: '/tmp/palimpsest',
    PALIMPSEST_CACHE: '/opt/palimpsest',
    STUDY_ADAPTER: '/app/infra/local/study-adapter',
    DATABASE_URL: databaseUrl,
    PALIMPSEST_API_KEY: 'a-key-for-this-trial-only',
    ENGINE_URL: `http://127.0.0.1:${inferencePort}`,
    PORT: String(apiPort),
    LOG_LEVEL: 'warn',
  }
  const node = (...args: string[]) => inRoot(['node', '--import', 'tsx', ...args], { mode: 'ro', env: common })
  const write = (path: string) => exitCode(inRoot(['sh', '-c', `echo x > ${path}`], { mode: 'ro' }))

  report('the root cannot be written', (await write('/app/x')) !== 0 && (await write('/opt/palimpsest/x')) !== 0)
  report('/tmp can be written', (await write('/tmp/x')) === 0)
  report('migrate ends with 0', (await exitCode(node('infra/container/migrate.ts'))) === 0)
  const inference = node('services/inference/main.ts')
  const api = node('services/api/server.ts')
  report('inference becomes healthy', await untilHealthy(`http://127.0.0.1:${inferencePort}/health`))
  report('the API becomes healthy', await untilHealthy(`http://127.0.0.1:${apiPort}/health`))
  report(
    'a trainer ends with 0 when nothing waits',
    (await exitCode(node('services/trainer/main.ts', '--drain', 'default'))) === 0,
  )
  const answer = await fetch(`http://127.0.0.1:${apiPort}/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${common.PALIMPSEST_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ question: 'What is the capital of France?' }),
  })
  report('a question is answered', answer.ok && (await answer.text()).includes('Paris'))
  for (const [name, child] of Object.entries({ inference, api })) {
    child.kill('SIGTERM')
    report(`${name} ends with 0 at SIGTERM`, (await exitCode(child)) === 0)
  }
}

await build()
const data = await mkdtemp(join(tmpdir(), 'palimpsest-try-'))
chmodSync(data, 0o711) // the database's user passes through
const postgres = await startPostgres({ dataFolder: join(data, 'postgres'), durable: false, log: () => undefined })
try {
  await run(postgres.url)
} finally {
  await postgres.stop()
  await rm(data, { recursive: true, force: true })
}
notRun.push(
  `FROM node:22-bookworm-slim: Node ${process.version} of this machine`,
  'ADD of the authorities of RDS; ldconfig; the schedule of HEALTHCHECK; compose.yaml; everything of a GPU',
)
console.log(`Not run:\n${notRun.map((line) => `- ${line}`).join('\n')}`)
