// The functions as they are deployed, bundled, on real Postgres: only AWS itself is played by a local server.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { endJob } from '../../../shared/trainer-jobs/end-job.ts'
import { listDeliveries } from '../../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../../shared/webhooks/outbox.ts'
import { createWebhook } from '../../../shared/webhooks/webhooks.ts'
import { apiKey, passage } from '../../support/api.ts'
import { startAwsServer, type AwsServer } from '../../support/aws-server.ts'
import { startInferenceServer, type InferenceServer } from '../../support/inference-server.ts'
import { callFunctionUrl, installLambdaRuntime } from '../../support/lambda.ts'
import { withDatabase } from '../../support/postgres-global-setup.ts'
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts'
import { startReceiver } from '../../support/webhooks.ts'

type Handler = Parameters<typeof callFunctionUrl>[0]

const repository = new URL('../../..', import.meta.url).pathname
let folder: string
let own: TestDatabase
let database: Database
let aws: AwsServer
let inference: InferenceServer
let api: Handler

/** A handler out of the bundle. */
async function load<T>(path: string): Promise<T> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(join(folder, path)).href)) as { handler: T }
  return module.handler
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-functions-'))
  await promisify(execFile)('node', ['infra/aws/build-functions.mjs', folder], { cwd: repository })
  own = await createTestDatabase()
  database = openDatabase(own.url)
  aws = await startAwsServer()
  inference = await startInferenceServer()
  const path = '/palimpsest/test/'
  aws.parameters = {
    [`${path}DATABASE_URL`]: own.url,
    [`${path}PALIMPSEST_API_KEY`]: apiKey,
    '/palimpsest/other/PALIMPSEST_API_KEY': 'another-stage-s-key',
  }
  const env = {
    ...aws.env,
    SECRETS_PATH: path,
    ENGINE_URL: inference.url,
    PALIMPSEST_HOME: join(folder, 'home'),
    BASE_MODEL: '/opt/base/tiny.gguf',
    ALLOW_PRIVATE_WEBHOOKS: 'true',
    LOG_LEVEL: 'silent',
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  installLambdaRuntime()
  await (
    await load<() => Promise<void>>('infra/aws/functions/migrate.mjs')
  )()
  api = await load<Handler>('services/api/lambda.mjs')
}, 120_000)

afterAll(async () => {
  vi.unstubAllEnvs()
  await inference.stop()
  await aws.stop()
  await database.close()
  await own.drop()
  await rm(folder, { recursive: true, force: true })
})

const key = { authorization: `Bearer ${apiKey}` }
const json = { ...key, 'content-type': 'application/json' }

async function post(title: string, text = `${passage} ${title}.`): Promise<{ id: string; update_id: string }> {
  const body = JSON.stringify({ title, text })
  const answer = await callFunctionUrl(api, 'POST', '/v1/documents', { headers: json, body })
  expect(answer.statusCode).toBe(202)
  return answer.json() as { id: string; update_id: string }
}

test('migrating brings an empty database up to date, makes the model `default`, and changes nothing the second time', async () => {
  const name = new URL(own.url).pathname.slice(1)
  const empty = `${name}_empty`
  await database.pool.query(`create database ${empty}`)
  const url = withDatabase(inject('postgresUrl'), empty)
  const before = aws.parameters
  aws.parameters = { ...before, '/palimpsest/test/DATABASE_URL': url }
  const migrate = await load<() => Promise<void>>('infra/aws/functions/migrate.mjs')
  await migrate()
  await migrate()
  aws.parameters = before
  const fresh = openDatabase(url)
  expect(await getModel(fresh.query, 'default')).toMatchObject({ base: 'tiny.gguf', headVersion: 0 })
  await fresh.close()
  await database.pool.query(`drop database ${empty} with (force)`)
})

test('the API answers events of a function URL: health, the page, its description', async () => {
  const health = await callFunctionUrl(api, 'GET', '/health')
  expect([health.statusCode, health.json()]).toEqual([200, { status: 'ok' }])
  const page = await callFunctionUrl(api, 'GET', '/')
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  const description = await callFunctionUrl(api, 'GET', '/openapi.json')
  expect(description.json()).toMatchObject({ openapi: '3.1.0' })
})

test('the key comes from the stage’s own parameters', async () => {
  const wrong = { authorization: 'Bearer another-stage-s-key' }
  expect((await callFunctionUrl(api, 'GET', '/v1/models', { headers: wrong })).statusCode).toBe(401)
  expect((await callFunctionUrl(api, 'GET', '/v1/models', { headers: key })).statusCode).toBe(200)
})

test('a document that is taken has its trainer started before the answer ends, and only one', async () => {
  const before = aws.jobs.length
  const first = await post('Varn Head')
  expect(aws.jobs.slice(before)).toMatchObject([{ jobName: 'train-default', parameters: { model: 'default' } }])
  await post('Skerrow')
  expect(aws.jobs).toHaveLength(before + 1)
  const read = await callFunctionUrl(api, 'GET', `/v1/documents/${first.id}`, { headers: key })
  expect(read.json()).toMatchObject({ title: 'Varn Head', state: 'queued' })
})

test('a document is taken while no trainer can be started, and the schedule starts one', async () => {
  const { id } = await getModel(database.query, 'default')
  await database.pool.query('delete from trainer_jobs')
  const before = aws.jobs.length
  aws.refusing = true
  await post('Tarsk')
  aws.refusing = false
  expect(aws.jobs).toHaveLength(before)
  const reconcile = await load<() => Promise<unknown>>('services/trainer/lambda.mjs')
  expect(await reconcile()).toEqual({ submitted: ['default'] })
  expect(await reconcile()).toEqual({ submitted: [] })
  expect(await endJob(database.query, id)).toBe(false)
}, 120_000)

test('files that are no text are read in the bundle too', async () => {
  const form = new FormData()
  const bytes = await readFile(join(repository, 'tests/data/files/lighthouse.pdf'))
  form.set('file', new Blob([new Uint8Array(bytes)]), 'lighthouse.pdf')
  const request = new Request('https://a.example', { method: 'POST', body: form })
  const answer = await callFunctionUrl(api, 'POST', '/v1/documents/upload', {
    headers: { ...key, 'content-type': request.headers.get('content-type') ?? '' },
    body: new Uint8Array(await request.arrayBuffer()),
  })
  expect([answer.statusCode, answer.body.toString().slice(0, 200)]).toEqual([202, expect.stringContaining('doc_')])
})

test('no connection is left open when a call has ended, so that the database can pause', async () => {
  const name = new URL(own.url).pathname.slice(1)
  const open = async (): Promise<number> => {
    const { rows } = await database.pool.query('select 1 from pg_stat_activity where datname = $1', [name])
    return rows.length
  }
  const before = await open()
  await post('Left open')
  await callFunctionUrl(api, 'GET', '/v1/documents', { headers: key })
  await (
    await load<() => Promise<unknown>>('services/trainer/lambda.mjs')
  )()
  await expect.poll(open, { timeout: 10_000 }).toBeLessThanOrEqual(before)
})

test('an event stream is sent as it happens', async () => {
  const { update_id } = await post('Streamed')
  await callFunctionUrl(api, 'POST', `/v1/updates/${update_id}/cancel`, { headers: key })
  const stream = await callFunctionUrl(api, 'GET', `/v1/updates/${update_id}/events`, { headers: key })
  expect(stream.headers['content-type']).toMatch(/^text\/event-stream/)
  expect(stream.body.toString()).toMatch(/"state":"queued"[^]*"state":"cancelled"/)
})

test('the notifier sends what is due, waits for what falls due while it may run, and ends', async () => {
  const receiver = await startReceiver((response) =>
    response.writeHead(receiver.messages.length === 1 ? 500 : 204).end(),
  )
  const webhook = await createWebhook(database.query, { url: receiver.url }, { allowPrivate: true })
  await writeOutbox(database.query, 'update.promoted', { number: 1 })
  const notify = await load<(event: unknown, context: object) => Promise<void>>('services/notifier/lambda.mjs')
  const end = Date.now() + 120_000
  await notify({}, { getRemainingTimeInMillis: () => end - Date.now() })
  const { data } = await listDeliveries(database.query, { webhookId: webhook.id, limit: 10 })
  expect(data).toMatchObject([{ state: 'delivered', attempts: 2 }])
  await receiver.close()
}, 120_000)
