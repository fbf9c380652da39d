// What a start refuses, and in which words. None of these gets as far as starting a service.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureApiKey } from '../../infra/local/api-key.ts'
import { requirePort } from '../../infra/local/port.ts'
import { isWithinReach } from '../../infra/local/postgres-owner.ts'
import { openProcessLog } from '../../infra/local/process-log.ts'
import { resolveSettings } from '../../infra/local/settings.ts'
import { takeStartLock } from '../../infra/local/start-lock.ts'

const run = promisify(execFile)
const bootstrap = new URL('../../infra/local/bootstrap.mjs', import.meta.url).pathname

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function runBootstrap(...args: string[]): Promise<{ code: number; output: string }> {
  return run(process.execPath, [bootstrap, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  )
}

test('--help lists flags and environment without installing anything', async () => {
  const { code, output } = await runBootstrap('start', '--help')
  expect(code).toBe(0)
  for (const name of ['--port', '--host', '--home', '--base', 'PALIMPSEST_CACHE', 'BASE_MODEL']) {
    expect(output).toContain(name)
  }
})

test('--help names every variable that the services read', async () => {
  const { output } = await runBootstrap('start', '--help')
  const source = await readFile(new URL('../../shared/config.ts', import.meta.url), 'utf8')
  const read = [...source.matchAll(/^ {2}([A-Z][A-Z\d_]+): (?:z\.|allowPrivateSchema)/gm)].map(([, name]) => name ?? '')
  expect(read).toContain('OTEL_EXPORTER_OTLP_ENDPOINT')
  expect(read.filter((name) => !new RegExp(`\\b${name}\\b`).test(output))).toEqual([])
})

test('a mistyped flag and an impossible port are refused in a sentence', async () => {
  const flag = await runBootstrap('start', '--prot', '80')
  expect(flag.code).toBe(1)
  expect(flag.output.trim()).toBe(`Unknown option '--prot'. "npm start -- --help" lists the flags.`)
  const port = await runBootstrap('start', '--port', 'eighty')
  expect(port.output.trim()).toBe('--port must be a number from 1 to 65535, not "eighty".')
})

test('an old Node is told which one is needed', async () => {
  const pretend = join(folder, 'old-node.cjs')
  await writeFile(
    pretend,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } })`,
  )
  const failure = await run(process.execPath, ['--require', pretend, bootstrap, 'start']).catch(
    (error: { stderr: string }) => error.stderr,
  )
  expect(failure).toContain('Palimpsest needs Node 20 (from 20.19) or Node 22')
})

test('a taken port is named, with the way out', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  await expect(requirePort(port, '127.0.0.1', 0)).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program: stop that one, or choose another with "npm start -- --port N".`,
  )
  other.close()
  await once(other, 'close')
  await expect(requirePort(port, '127.0.0.1', 0)).resolves.toBeUndefined()
})

test('a second start in the same folder is refused, one after a crash is not', async () => {
  const home = join(folder, 'home')
  await mkdir(home)
  const first = await takeStartLock(home, 'http://127.0.0.1:8787')
  await expect(takeStartLock(home, 'http://127.0.0.1:8787')).rejects.toThrow(
    `Palimpsest already runs in ${home} (process ${process.pid}, http://127.0.0.1:8787).`,
  )
  await first.release()

  // The number of a living process, but not the one that held the lock.
  await writeFile(join(home, 'running.json'), JSON.stringify({ pid: process.pid, began: '1', address: 'x' }))
  const second = await takeStartLock(home, 'http://127.0.0.1:8787')
  expect(second.tookOver).toBe(true)
  await second.release()

  await writeFile(join(home, 'running.json'), '{"pid":')
  await (await takeStartLock(home, 'x')).release()
})

test('the key is made once, is for its owner alone, and the environment goes before it', async () => {
  const home = join(folder, 'keys')
  await mkdir(home)
  const made = await ensureApiKey(home, undefined)
  expect(made).toMatch(/^pal_[\w-]{32}$/)
  expect(await ensureApiKey(home, undefined)).toBe(made)
  expect((await stat(join(home, 'api-key'))).mode & 0o777).toBe(0o600)
  expect(await ensureApiKey(home, 'given-by-the-environment')).toBe('given-by-the-environment')
  expect((await readFile(join(home, 'api-key'), 'utf8')).trim()).toBe(made)
})

test('flags go before the environment, and an empty variable counts as unset', () => {
  const env = { PORT: '9000', HOST: '', PALIMPSEST_HOME: '/elsewhere', ENGINE_URL: '' }
  const settings = resolveSettings('/repository', { help: false, port: 9001 }, env)
  expect(settings).toMatchObject({ port: 9001, host: '127.0.0.1', home: '/elsewhere', engineUrl: undefined })
  expect(() => resolveSettings('/repository', { help: false }, { PORT: '99999' })).toThrow('PORT must be a number')
  expect(() => resolveSettings('/repository', { help: false }, { DATABASE_URL: 'localhost/mine' })).toThrow(
    'DATABASE_URL must be a URL like postgres://',
  )
  expect(() => resolveSettings('/repository', { help: false }, { PALIMPSEST_API_KEY: 'short' })).toThrow(
    '16 characters',
  )
})

test('a folder behind a closed one is out of reach for the user that runs the database', async () => {
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  expect(isWithinReach(join(closed, 'postgres'), { uid: 65534, gid: 65534 })).toBe(false)
  expect(isWithinReach(join(closed, 'postgres'), undefined)).toBe(true)
  expect(isWithinReach('/usr/lib', { uid: 65534, gid: 65534 })).toBe(true)
})

test('warnings and errors of a service reach the console with its name, the rest only its file', async () => {
  const shown: string[] = []
  const log = await openProcessLog(join(folder, 'logs'), 'trainer', (line) => shown.push(line))
  log.write('stdout', '{"level":30,"msg":"claimed an update"}')
  log.write('stdout', '{"level":50,"msg":"training failed","err":{"message":"out of memory"}}')
  log.write('stderr', 'Error: no such file')
  log.write('stderr', '    at open (main.ts:3:1)')
  expect(shown).toEqual(['[trainer] training failed: out of memory', '[trainer] Error: no such file'])
  await expect
    .poll(() => readFile(join(folder, 'logs', 'trainer.log'), 'utf8'))
    .toBe(
      '{"level":30,"msg":"claimed an update"}\n' +
        '{"level":50,"msg":"training failed","err":{"message":"out of memory"}}\n' +
        'Error: no such file\n    at open (main.ts:3:1)\n',
    )
})

test('a log that grew over 10 MB is put aside while its process runs on, and no line of either file is lost', async () => {
  const path = join(folder, 'logs', 'api.log')
  const linesIn = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1
  const log = await openProcessLog(join(folder, 'logs'), 'api', () => undefined)
  const line = JSON.stringify({ level: 30, msg: 'x'.repeat(100_000) })
  log.write('stdout', line)
  await expect.poll(() => linesIn(path)).toBe(1)
  for (let written = 1; written < 150; written++) log.write('stdout', line)
  await expect.poll(async () => [await linesIn(`${path}.1`), await linesIn(path)]).toEqual([100, 50])
})
