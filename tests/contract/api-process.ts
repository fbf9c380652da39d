// The API as its own process over a Postgres of its own, with the stand-in for inference, for checks from outside.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { startInferenceServer } from '../support/inference-server.ts'
import { createTenant } from '../support/tenants.ts'

const repository = new URL('../..', import.meta.url).pathname
const key = 'a-key-for-the-contract-check'
const tenants = 20

export interface ApiProcess {
  url: string
  key: string
  /** Ids of what is in it, by their prefix, and names of models under `model`. */
  things: Record<string, string[]>
  stop(): Promise<void>
}

/** Ready, with something of each kind in it. */
export async function startApiProcess(): Promise<ApiProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-contract-api-'))
  await chmod(folder, 0o711) // the database's user passes through
  const postgres = await startPostgres({ dataFolder: join(folder, 'data'), durable: false, log: () => undefined })
  await applyMigrations(postgres.url)
  const things = await seed(postgres.url, folder)
  const inference = await startInferenceServer()
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/api/server.ts'], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      ENGINE_URL: inference.url,
      PALIMPSEST_API_KEY: key,
      PALIMPSEST_HOME: folder,
      PORT: '0',
      BASE_MODEL: 'tiny.gguf',
      RATE_LIMIT_PER_MINUTE: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await readAddress(child)
  const headers = { authorization: `Bearer ${key}` }
  while ((await fetch(`${url}/v1/models/default`, { headers })).status !== 200);
  return {
    url,
    key,
    things,
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

/**
 * So that requests find what they ask for: models, each with a document, update, alert, endpoint, delivery, file, job and
 * key. Many, as the requests delete them. Returns the values by the kind of their example: `doc` for `doc_01k3…`.
 */
async function seed(databaseUrl: string, folder: string): Promise<Record<string, string[]>> {
  const database = openDatabase(databaseUrl)
  const store = openObjectStore({ kind: 'folder', path: join(folder, 'objects') })
  const things: Record<string, string[]> = {}
  for (let number = 0; number < tenants; number++) {
    const tenant = await createTenant({ database, store }, `notes-${number}`)
    for (const [kind, id] of Object.entries({ ...tenant.things, model: tenant.model })) (things[kind] ??= []).push(id)
  }
  await database.close()
  return things
}
