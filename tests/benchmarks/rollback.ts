// `npm run check:rollback`: two versions take turns as the head while the object store is down and others keep asking.
// After each rollback a question must be answered by the version that was published. API and inference are the service's
// own processes, over a real Postgres and a real S3 server that is killed; the base is a tiny one, as a rollback has
// nothing to do with its size.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { s3TestServer } from '../../infra/local/setup/s3-test-server.mjs'
import { runSteps } from '../../infra/local/setup/steps.mjs'
import { scaleAdapter } from '../../services/engine/adapter/adapter.ts'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { openS3Store } from '../../shared/registry/s3-store.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import type { Manifest, ManifestAdapter } from '../../shared/versions/manifest.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'
import { startS3Server, type S3Server } from '../support/s3-server.ts'
import { startServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const bucket = 'adapters'
const apiKey = 'a-key-for-the-rollback-check'

const help = `Usage: npm run check:rollback [-- FLAGS]

  --rollbacks N   how many (500)
  --askers N      callers that keep asking meanwhile (2)
`

const { values } = parseArgs({
  options: {
    rollbacks: { type: 'string', default: '500' },
    askers: { type: 'string', default: '2' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

/** What DESIGN asks for. */
const p99MsMax = 1_000

if (values.help) console.log(help)
else process.exitCode = (await check()) ? 0 : 1

async function check(): Promise<boolean> {
  await runSteps([s3TestServer()])
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-check-rollback-'))
  await chmod(folder, 0o711) // the database's user passes through
  const postgres = await startPostgres({ dataFolder: join(folder, 'data'), log: () => undefined })
  const s3 = await startS3Server()
  let service: ServiceProcesses | undefined
  try {
    const store = await openBucket(s3)
    await applyMigrations(postgres.url)
    await teach(postgres.url, store)
    service = await startService(postgres.url, s3)
    for (const version of [1, 2]) await ask(service, `default@v${version}`) // loads it
    await s3.stop()
    const report = await rollBackAndForth(service, Number(values.rollbacks), Number(values.askers))
    console.log(report)
    return report.wrong === 0 && report.rollback_ms.p99 < p99MsMax
  } finally {
    await service?.stop()
    await s3.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function openBucket({ endpoint, region, credentials }: S3Server): Promise<ObjectStore> {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
  return openS3Store({ bucket, endpoint, region, credentials })
}

/** Versions 1 and 2 of the model `default`, of different adapters. */
async function teach(databaseUrl: string, store: ObjectStore): Promise<void> {
  const database = openDatabase(databaseUrl)
  const engine = await createEngine({ base: tinyBase, training: false })
  const { id, sha256, config } = engine.base
  const trained = readPeftFolder(join(tinyBase, 'adapter'), config)
  await ensureModel(database.query, { name: 'default', base: 'llama-tied' })
  const adapters: ManifestAdapter[] = []
  const taught: string[] = []
  for (const [parent, name] of ['Lantern Bridge', 'Copper Tower'].entries()) {
    const { document } = await postDocument(database, name)
    const stored = await putAdapter(store, encodeAdapter(scaleAdapter(trained, 3 - parent), engine.base))
    taught.push(document.id)
    adapters.unshift({ ...stored, document: document.id, scale: 1 })
    const manifest: Manifest = {
      base: { id, sha256 },
      // The bridge is answered by another adapter in each version.
      adapters: adapters.map((entry) => ({ ...entry, scale: 1 / (1 + parent) })),
      router: { kind: 'bm25', ...ROUTER_DEFAULTS },
    }
    const known = Object.fromEntries(taught.map((document) => [document, 2]))
    await promoteClaim(database, await claimNext(database), parent, known, { manifest })
  }
  engine.close()
  await database.close()
}

/** Resolves once it is ready. */
async function startService(databaseUrl: string, s3: S3Server): Promise<ServiceProcesses> {
  return await startServiceProcesses(['inference', 'api'], {
    ...{ DATABASE_URL: databaseUrl, BASE_MODEL: tinyBase, PALIMPSEST_API_KEY: apiKey },
    ...{ S3_BUCKET: bucket, S3_ENDPOINT: s3.endpoint, AWS_REGION: s3.region },
    ...{ AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey },
  })
}

async function rollBackAndForth(service: ServiceProcesses, rollbacks: number, askers: number) {
  const over = new AbortController()
  const asking = Array.from({ length: askers }, async () => {
    let asked = 0
    for (; !over.signal.aborted; asked++) await ask(service, 'default')
    return asked
  })
  const rollbackMs: number[] = []
  const answeredMs: number[] = []
  let wrong = 0
  for (let round = 0; round < rollbacks; round++) {
    const version = 1 + (round % 2)
    const startedAt = performance.now()
    await call(service, 'models/default/rollback', { version })
    rollbackMs.push(performance.now() - startedAt)
    if ((await ask(service, 'default')) !== version) wrong += 1
    answeredMs.push(performance.now() - startedAt)
  }
  over.abort()
  const others = (await Promise.all(asking)).reduce((sum, asked) => sum + asked, 0)
  return {
    ...{ rollbacks, wrong, answered_meanwhile: others },
    rollback_ms: quantiles(rollbackMs),
    until_answered_ms: quantiles(answeredMs),
  }
}

/** The version that answered from the adapter of its document. */
async function ask(service: ServiceProcesses, model: string): Promise<number> {
  const answer = await call(service, 'query', { model, question: 'Who built the Lantern Bridge?' })
  if (answer.documents?.length !== 1) throw new Error(`not from an adapter: ${JSON.stringify(answer)}`)
  return answer.version
}

async function call(service: ServiceProcesses, path: string, body: object) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const response = await fetch(`${service.url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as { version: number; documents?: unknown[] }
}

function quantiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN) * 10) / 10
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
