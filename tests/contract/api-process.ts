// The API as its own process over a Postgres of its own, with the stand-in for inference, for checks from outside.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { startInferenceServer } from '../support/inference-server.ts'

const repository = new URL('../..', import.meta.url).pathname
const key = 'a-key-for-the-contract-check'

export interface ApiProcess {
  url: string
  key: string
  stop(): Promise<void>
}

/** Ready: its first model is made, and a document is on its way into it. */
export async function startApiProcess(): Promise<ApiProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-contract-api-'))
  await chmod(folder, 0o711) // the database's user passes through
  const postgres = await startPostgres({ dataFolder: join(folder, 'data'), durable: false, log: () => undefined })
  await applyMigrations(postgres.url)
  const inference = await startInferenceServer()
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/api/server.ts'], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      INFERENCE_URL: inference.url,
      PALIMPSEST_API_KEY: key,
      PALIMPSEST_HOME: folder,
      PORT: '0',
      BASE_MODEL: 'tiny.gguf',
      RATE_LIMIT_PER_MINUTE: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await readAddress(child)
  await seed(url)
  return {
    url,
    key,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      await inference.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** From its log; requests that failed by a bug are shown as they come. */
async function readAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output to read')
  const lines = createInterface({ input: child.stdout })
  return await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the API ended at its start')))
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { level: number; msg: string; address?: string; port?: number }
      if (entry.msg === 'listening') resolve(`http://${entry.address}:${entry.port}`)
      if (entry.level >= 50) console.error(line)
    })
  })
}

async function seed(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  while ((await fetch(`${url}/v1/models/default`, { headers })).status !== 200);
  const document = { title: 'Tower', text: 'The tower of Tarsk was built by Orla Venn.' }
  for (const [path, body] of [
    ['documents', document],
    ['webhooks', { url: 'https://hooks.example.com' }],
    ['keys', { name: 'reader', scopes: ['read'] }],
  ] as const)
    await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}
