// Peak resident memory of our own processes, each started for this alone: what a training of 512 tokens a step needs,
// what answering needs, and the API with a real database under a few hundred requests. Peaks include loading.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyMigrations } from '../../../infra/local/migrations.ts'
import { startPostgres } from '../../../infra/local/postgres.ts'
import { startArm } from './arm.ts'
import type { ArmCommand, ArmRequest } from './arm.ts'
import type { Work } from './work.ts'

export interface MemoryRow {
  process: string
  megabytes: number
  megabytesMax: number
}

const repository = resolve(import.meta.dirname, '../../..')
const apiKey = 'benchmark-key-of-the-engine'
const requests = 200

/** `commandOf` says how our arm is started for a precision. */
export async function measureMemory(
  work: Work,
  rowsPerStep: number,
  tokens: number,
  commandOf: (frozen: 'float32' | 'bfloat16', use: 'train' | 'answer') => ArmCommand,
  say: (line: string) => void,
): Promise<MemoryRow[]> {
  const training: ArmRequest[] = [
    { task: 'train', rows: work.rows64, rowsPerStep },
    { task: 'train', rows: work.rows512, rowsPerStep: 1 },
  ]
  const answering: ArmRequest[] = [
    { task: 'prefill', prompts: work.prefillPrompts },
    { task: 'decode', prompts: work.decodePrompts, tokens },
    { task: 'decode', prompts: work.decodePrompts, tokens, adapter: true },
  ]
  const rows: MemoryRow[] = []
  for (const frozen of ['bfloat16', 'float32'] as const) {
    for (const [use, what, list, megabytesMax] of [
      ['train', 'training, 512 tokens a step', training, 3000],
      ['answer', 'inference, prompts of 512, batch 16 with and without an adapter', answering, 1500],
    ] as const) {
      const name = `${what}, ${frozen} base`
      rows.push({ process: name, megabytes: await peakOfArm(name, commandOf(frozen, use), list), megabytesMax })
      say(`  ${name}`)
    }
  }
  rows.push({ process: `API, ${requests} requests`, megabytes: await peakOfApi(), megabytesMax: 250 })
  say('  API')
  return rows
}

async function peakOfArm(name: string, command: ArmCommand, list: readonly ArmRequest[]): Promise<number> {
  const arm = await startArm(name, command)
  try {
    let peak = 0
    for (const request of list) peak = Math.max(peak, (await arm.measure(request)).peakMegabytes)
    return peak
  } finally {
    await arm.close()
  }
}

async function peakOfApi(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-bench-postgres-'))
  await chmod(folder, 0o711) // the database's user passes through
  try {
    const postgres = await startPostgres({ dataFolder: join(folder, 'data'), durable: false, log: () => undefined })
    try {
      await applyMigrations(postgres.url)
      const child = spawn(process.execPath, ['--import', 'tsx', 'services/api/server.ts'], {
        cwd: repository,
        env: { ...process.env, DATABASE_URL: postgres.url, PALIMPSEST_API_KEY: apiKey, HOST: '127.0.0.1', PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'close')
      try {
        await askMuch(await addressOf(child))
        return await highWaterMark(child)
      } finally {
        child.kill('SIGTERM')
        await ended
      }
    } finally {
      await postgres.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Waits for the log line that says where the API listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the API was started without a log')
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; port?: number }
    if (entry.msg !== 'listening') continue
    child.stdout.resume()
    return `http://127.0.0.1:${entry.port}`
  }
  throw new Error('the API ended before it listened')
}

async function askMuch(address: string): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const sentence = 'The lighthouse keeper counted the ships that passed in the night and wrote their names down. '
  const paths = ['/health', '/openapi.json', '/v1/documents', '/v1/updates', '/v1/models']
  await modelsAreThere(`${address}/v1/models`, headers)
  for (let count = 0; count < requests; count++) {
    const text = `Night number ${count}. ${sentence.repeat(50)}`
    const response =
      count % 2 === 0
        ? await fetch(`${address}/v1/documents`, {
            method: 'POST',
            headers,
            body: JSON.stringify({ title: `Night ${count}`, text }),
          })
        : await fetch(`${address}${paths[count % paths.length]}`, { headers })
    await response.arrayBuffer()
    if (count % 2 === 0 && response.status !== 202) throw new Error(`the API answered ${response.status} to a document`)
  }
}

/** The API makes its model after it listens. */
async function modelsAreThere(url: string, headers: Record<string, string>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) {
    const response = await fetch(url, { headers })
    const { data } = (await response.json()) as { data?: unknown[] }
    if (data && data.length > 0) return
  }
  throw new Error('the API made no model within 20 s')
}

/** VmHWM of a process in megabytes. */
async function highWaterMark(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const kibibytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1])
  if (!Number.isFinite(kibibytes)) throw new Error('the kernel tells no VmHWM of the API')
  return (kibibytes * 1024) / 1e6
}
