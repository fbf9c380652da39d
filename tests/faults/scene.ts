// The stage of the fault tests: the service on the tiny base, whose updates take seconds, with leases of three seconds,
// a view into its database, and a caller who keeps asking. What is waited for is always a state, never a time.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect } from 'vitest'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import { manifestSchema } from '../../shared/versions/manifest.ts'
import { RequestError, type Client } from '../support/client.ts'
import { repository, startTestService, type TestService } from '../support/service.ts'

export interface Scene {
  service: TestService
  client: Client
  /** Over a connection of its own, made anew when the server was killed. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>
  end(): Promise<void>
}

export async function openScene(env: Record<string, string> = {}): Promise<Scene> {
  const service = await startTestService({
    BASE_MODEL: join(repository, 'tests/golden/models/llama-tied'),
    LEASE_SECONDS: '3',
    ...env,
  })
  const pool = new pg.Pool({ connectionString: service.databaseUrl, max: 1 })
  pool.on('error', () => undefined)
  return {
    service,
    client: service.client,
    query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await pool.query<Row>(sql, values)).rows,
    async end() {
      await pool.end()
      await service.remove()
    },
  }
}

/** Asks until it holds; the message says for what was waited in vain. */
export async function until(what: string, holds: () => Promise<boolean>, waitMs = 90_000): Promise<void> {
  const deadline = Date.now() + waitMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain waited ${waitMs / 1000} s until ${what}`)
    await sleep(5)
  }
}

export async function getTrainer({ service }: Scene): Promise<number> {
  let trainer: number | undefined
  await until('a trainer runs', async () => (trainer = await service.findProcess('trainer')) !== undefined)
  return trainer ?? 0
}

/** SIGKILL, and waits until the process is no more. */
export async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await until(`process ${pid} is gone`, async () => !isAlive(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** State of an update as the database holds it. */
export async function stateOf(scene: Scene, update: string): Promise<string | undefined> {
  return (await scene.query<{ state: string }>('select state from updates where id = $1', [update]))[0]?.state
}

/** How far an update got, by what its events say of the work itself. */
export async function untilWorking(scene: Scene, update: string, state: 'studying' | 'training' | 'evaluating') {
  const sign = { studying: 'progress', training: 'loss', evaluating: 'progress' }[state]
  await until(`update ${update} is ${state}`, async () => {
    const [row] = await scene.query<{ working: boolean }>(
      `select exists (select from update_events e where e.update_id = u.id and e.type = $2
         and (e.type = 'loss' or e.data->>'state' = u.state)) as working
       from updates u where u.id = $1 and u.state = $3`,
      [update, sign, state],
    )
    return row?.working === true
  })
}

/** Stands in the way of every promotion until `letPass`: a new version cannot be written while others may not change the table. */
export async function blockPromotions(
  scene: Scene,
): Promise<{ untilReached(): Promise<void>; letPass(): Promise<void> }> {
  const blocker = new pg.Client({ connectionString: scene.service.databaseUrl })
  blocker.on('error', () => undefined) // the server may be killed under it
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('lock table versions in share mode')
  return {
    untilReached: () =>
      until('a promotion waits to write its version', async () => {
        const waiting = await scene.query(`select from pg_locks where relation = 'versions'::regclass and not granted`)
        return waiting.length > 0
      }),
    letPass: () => blocker.end(),
  }
}

/** Everything that a promotion does was done, and once. */
export async function expectAppliedOnce(scene: Scene, update: string): Promise<number> {
  const versions = await scene.query<{ number: number; parent: number; manifest: unknown }>(
    'select number, parent, manifest from versions where update_id = $1',
    [update],
  )
  expect(versions).toHaveLength(1)
  const { number, parent, manifest } = versions[0] ?? { number: -1, parent: -1, manifest: null }
  expect(parent).toBe(number - 1)
  const counts = await scene.query(
    `select
       (select count(*)::int from promotions where version = $2) as promotions,
       (select count(*)::int from outbox_events where type = 'update.promoted' and payload->>'id' = $1) as notices,
       (select count(*)::int from update_events where update_id = $1 and type = 'state' and data->>'state' = 'promoted') as events,
       (select count(*)::int from evaluations where update_id = $1 and version = 0) as base_evaluations,
       (select count(*)::int from evaluations where update_id = $1 and version = $2) as evaluations,
       (select count(distinct document_id)::int from evaluations where update_id = $1) as documents,
       (select head_version from models where name = 'default') as head`,
    [update, number],
  )
  const documents = manifestSchema.parse(manifest).adapters.length
  expect(counts).toEqual([
    { promotions: 1, notices: 1, events: 1, base_evaluations: 1, evaluations: documents, documents, head: number },
  ])
  const store = openObjectStore({ kind: 'folder', path: join(scene.service.home, 'objects') })
  for (const adapter of manifestSchema.parse(manifest).adapters) await getAdapter(store, adapter)
  return number
}

/** Adapters that lie in the object store, whether a version names them or not. */
export async function countAdapters({ service }: Scene): Promise<number> {
  return (await readdir(join(service.home, 'objects', 'adapters')).catch(() => [])).length
}

export interface Asked {
  at: number
  /** The version that answered; undefined where none did. */
  version?: number
  failure?: string
  status?: number
}

/** Puts one question after another until `stop`. */
export function keepAsking(
  client: Client,
  question: string,
): { asked: readonly Asked[]; stop(): Promise<readonly Asked[]> } {
  const asked: Asked[] = []
  const stopping = new AbortController()
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const { version } = await client.ask(question)
        asked.push({ at: Date.now(), version })
      } catch (error) {
        const status = error instanceof RequestError ? { status: error.status } : {}
        asked.push({ at: Date.now(), failure: String(error), ...status })
      }
      await sleep(20)
    }
  })()
  return {
    asked,
    async stop() {
      stopping.abort()
      await asking
      return asked
    },
  }
}
