// A service whose model `default` was taught by hand, for programs outside that are held against it: a Postgres of its own,
// adapters in a folder, and the service's own processes. Every lesson is a document and a version; versions are routed.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import type { Manifest, ManifestAdapter } from '../../shared/versions/manifest.ts'
import { claimNext, postDocument, promoteClaim } from './loop.ts'
import { startServiceProcesses } from './service-processes.ts'

export interface Lesson {
  /** What the document is about, e.g. `Copper Tower`; its text says who built that. */
  about: string
  /** An encoded adapter. */
  adapter: Uint8Array
  scale: number
}

export interface TaughtService {
  url: string
  key: string
  stop(): Promise<void>
}

const key = 'a-key-for-the-check-alone'

/** `base` is BASE_MODEL; `env` what the processes see beside their own. */
export async function startTaughtService(
  base: { path: string; id: string; sha256: string },
  lessons: readonly Lesson[],
  names: Parameters<typeof startServiceProcesses>[0],
  env: NodeJS.ProcessEnv = {},
): Promise<TaughtService> {
  const home = await mkdtemp(join(tmpdir(), 'palimpsest-taught-'))
  await chmod(home, 0o711) // the database's user passes through
  const postgres = await startPostgres({ dataFolder: join(home, 'data'), durable: false, log: () => undefined })
  const clear = async () => {
    await postgres.stop()
    await rm(home, { recursive: true, force: true })
  }
  try {
    await applyMigrations(postgres.url)
    await teach(postgres.url, join(home, 'objects'), base, lessons)
    const processes = await startServiceProcesses(names, {
      ...{ DATABASE_URL: postgres.url, PALIMPSEST_HOME: home, PALIMPSEST_API_KEY: key, BASE_MODEL: base.path },
      ...env,
    })
    return { url: processes.url, key, stop: () => processes.stop().then(clear) }
  } catch (error) {
    await clear()
    throw error
  }
}

async function teach(databaseUrl: string, objects: string, base: Manifest['base'], lessons: readonly Lesson[]) {
  const database = openDatabase(databaseUrl)
  const store = openObjectStore({ kind: 'folder', path: objects })
  await ensureModel(database.query, { name: 'default', base: base.id })
  const adapters: ManifestAdapter[] = []
  for (const [parent, { about, adapter, scale }] of lessons.entries()) {
    const { document } = await postDocument(database, about)
    adapters.push({ ...(await putAdapter(store, adapter)), document: document.id, scale })
    const manifest: Manifest = {
      base: { id: base.id, sha256: base.sha256 },
      adapters: [...adapters],
      router: { kind: 'bm25', ...ROUTER_DEFAULTS },
    }
    const known = Object.fromEntries(adapters.map((entry) => [entry.document ?? '', 2]))
    await promoteClaim(database, await claimNext(database), parent, known, { manifest })
  }
  await database.close()
}
