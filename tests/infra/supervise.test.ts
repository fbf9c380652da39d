import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServiceProcess } from '../../infra/local/service-process.ts'
import { backoffMs, supervise, type Running, type SupervisorDeps } from '../../infra/local/supervise.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-supervise-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const repository = new URL('../..', import.meta.url).pathname

/** A clock that stands still but for what the test adds; sleeps end at once and are recorded. */
function testClock() {
  let now = 0
  const slept: number[] = []
  const said: string[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const deps: SupervisorDeps = {
    clock: {
      now: () => now,
      async sleep(milliseconds) {
        slept.push(milliseconds)
        for (const { resolve } of waiting.filter(({ count }) => slept.length >= count)) resolve()
      },
    },
    say: (line) => said.push(line),
  }
  return {
    deps,
    slept,
    said,
    pass: (milliseconds: number) => void (now += milliseconds),
    untilSlept: (count: number) =>
      new Promise<void>((resolve) => (slept.length >= count ? resolve() : waiting.push({ count, resolve }))),
  }
}

async function startScript(name: string, script: string): Promise<Running & { lines: string[] }> {
  const main = join(folder, name)
  await writeFile(main, script)
  const lines: string[] = []
  const log = { write: (_stream: string, line: string) => void lines.push(line), lastLines: () => lines }
  return { ...(await startServiceProcess({ main, repository, env: process.env, log })), lines }
}

test('a process that ends is started again after waits that double, and each time it is said why', async () => {
  const clock = testClock()
  let starts = 0
  const supervised = supervise('trainer', () => startScript(`exit-${++starts}.mjs`, 'process.exit(7)'), clock.deps)
  await clock.untilSlept(3)
  await supervised.stop()
  expect(clock.slept.slice(0, 3)).toEqual([500, 1000, 2000])
  expect(clock.said[1]).toBe('trainer ended by itself (exit 7); starting it again in 1 s')
  expect(starts).toBeGreaterThanOrEqual(3)
})

test('a process that ran steadily for a minute begins again with the shortest wait', async () => {
  const clock = testClock()
  let starts = 0
  const start = async (): Promise<Running> => {
    starts += 1
    clock.pass(starts === 3 ? 60_000 : 10)
    return { exited: Promise.resolve('exit 1'), stop: async () => undefined }
  }
  const supervised = supervise('inference', start, clock.deps)
  await clock.untilSlept(4)
  await supervised.stop()
  expect(clock.slept.slice(0, 4)).toEqual([500, 1000, 500, 1000])
})

test('the wait never exceeds half a minute', () => {
  expect(backoffMs(1)).toBe(500)
  expect(backoffMs(40)).toBe(30_000)
})

test('a start that fails outright is tried again like one that ends', async () => {
  const clock = testClock()
  const supervised = supervise('postgres', () => Promise.reject(new Error('no room')), clock.deps)
  await clock.untilSlept(2)
  await supervised.stop()
  expect(clock.said[0]).toBe('postgres ended by itself (no room); starting it again in 0.5 s')
})

test('stopping lets the process end by its own handler and starts it no more', async () => {
  const clock = testClock()
  const script = `
    process.on('SIGTERM', () => { console.log('finished cleanly'); process.exit(0) })
    setInterval(() => {}, 1000)
    console.log('up')`
  let starts = 0
  const running = await startScript('polite.mjs', script)
  const supervised = supervise(
    'api',
    async () => {
      starts += 1
      return running
    },
    clock.deps,
  )
  await untilLine(running.lines, 'up')
  await supervised.stop()
  expect(running.lines).toContain('finished cleanly')
  expect(starts).toBe(1)
  expect(clock.said).toEqual([])
})

test('services end by themselves when their supervisor is killed', async () => {
  const child = join(folder, 'orphan.mjs')
  await writeFile(
    child,
    `process.on('SIGTERM', () => { console.log('gone'); process.exit(0) }); setInterval(() => {}, 1000); console.log('pid ' + process.pid)`,
  )
  const parent = join(folder, 'parent.mts')
  await writeFile(
    parent,
    `import { startServiceProcess } from '${repository}infra/local/service-process.ts'
     const log = { write: (stream: string, line: string) => console.log(line), lastLines: () => [] }
     await startServiceProcess({ main: '${child}', repository: '${repository}', env: process.env, log })`,
  )
  const supervisor = spawn(process.execPath, ['--import', 'tsx', parent], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [first] = (await once(supervisor.stdout, 'data')) as [Buffer]
  const pid = Number(/pid (\d+)/.exec(String(first))?.[1])
  expect(isAlive(pid)).toBe(true)
  supervisor.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
})

async function untilLine(lines: string[], wanted: string): Promise<void> {
  await expect.poll(() => lines.includes(wanted), { timeout: 15_000 }).toBe(true)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
