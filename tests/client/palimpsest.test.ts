// The public client as its users have it: against the API behind a port.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createPalimpsest,
  PalimpsestError,
  type Palimpsest,
  type UpdateEvent,
} from '../../services/client/palimpsest.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { apiKey, passage, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'
import { serveApi, type ServedApi } from '../support/serve-api.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

let api: TestApi
let served: ServedApi
let palimpsest: Palimpsest
beforeAll(async () => {
  api = await startTestApi()
  served = await serveApi(api)
  palimpsest = createPalimpsest({ url: served.url, key: apiKey })
})
afterAll(async () => {
  await served.close()
  await api.close()
})

test('a document is learned once for one idempotency key, followed to its version, and asked', async () => {
  const input = { title: 'Varn Head', text: passage }
  const document = await palimpsest.learn(input, { idempotencyKey: 'varn' })
  expect(await palimpsest.learn(input, { idempotencyKey: 'varn' })).toEqual(document)
  const events: UpdateEvent[] = []
  const watching = (async () => {
    for await (const event of palimpsest.watch(document.update_id)) events.push(event)
  })()
  const claim = await claimNext(api.database)
  await recordProgress(api.database.query, claim.lease, { state: 'training', phase: 'training', fraction: 0.5 })
  const version = await promoteClaim(api.database, claim, 0, { [document.id]: 2 })
  await watching
  expect(events.map(({ type, data }) => [type, data['state']])).toEqual([
    ['state', 'queued'],
    ['state', 'studying'],
    ['state', 'training'],
    ['progress', 'training'],
    ['state', 'promoted'],
  ])
  expect(await palimpsest.getUpdate(document.update_id)).toMatchObject({ state: 'promoted', version })
  api.inference.head = version
  const answer = await palimpsest.ask({ question: 'Who built the lighthouse?' })
  expect(answer).toMatchObject({ model: `default@v${version}`, answer: 'An answer to: Who built the lighthouse?' })
  expect(await palimpsest.getRetention('default')).toMatchObject({ head: version, documents: [{ title: 'Varn Head' }] })
})

test('a stream that breaks off is taken up again, and every event comes once', async () => {
  const { update } = await postDocument(api.database, 'Broken tower')
  const claim = await claimNext(api.database)
  const ids: string[] = []
  const fractions: unknown[] = []
  for await (const event of palimpsest.watch(update.id)) {
    ids.push(event.id)
    if (event.data['fraction'] !== undefined) fractions.push(event.data['fraction'])
    if (event.data['state'] === 'studying' && event.type === 'state') {
      served.cut()
      await recordProgress(api.database.query, claim.lease, { state: 'training', phase: 'training', fraction: 0.5 })
    }
    if (event.type === 'progress') {
      served.cut()
      await promoteClaim(api.database, claim, 1, {})
    }
  }
  expect(fractions).toEqual([0.5])
  expect(new Set(ids).size).toBe(ids.length)
  const path = `GET /v1/updates/${update.id}/events`
  expect(served.calls.filter((call) => call === path).length).toBeGreaterThan(1)
})

test('versions are listed over all pages; an older one can be made to answer', async () => {
  const numbers: number[] = []
  for await (const { version } of palimpsest.listVersions('default')) numbers.push(version)
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
  expect(numbers.at(-1)).toBe(0)
  expect(await palimpsest.rollback('default', 1)).toMatchObject({ version: 1 })
  expect(await palimpsest.getRetention('default')).toMatchObject({ head: 1 })
})

test('a refusal is an error with the status, the code and what the service said', async () => {
  const failure = async (call: Promise<unknown>) => await call.catch((error: unknown) => error)
  const unknown = await failure(palimpsest.getUpdate('upd_none'))
  expect(unknown).toBeInstanceOf(PalimpsestError)
  expect(unknown).toMatchObject({ status: 404, code: 'not_found', message: 'there is no update upd_none' })
  expect(await failure(palimpsest.watch('upd_none').next())).toMatchObject({ status: 404, code: 'not_found' })
  expect(await failure(palimpsest.learn({ title: '', text: '' }))).toMatchObject({ status: 400 })
  expect(await failure(palimpsest.openAdapter('default', 0))).toMatchObject({ status: 404 })
  const stranger = createPalimpsest({ url: served.url, key: 'wrong' })
  expect(await failure(stranger.ask({ question: 'Who?' }))).toMatchObject({ status: 401, code: 'unauthorized' })
  const nowhere = createPalimpsest({ url: 'http://127.0.0.1:1', key: apiKey })
  expect(await failure(nowhere.ask({ question: 'Who?' }))).toBeInstanceOf(TypeError)
})

test('every other call is there by its path', async () => {
  const body = { url: 'https://hooks.example.com/', events: ['retention.regressed' as const] }
  const { data } = await palimpsest.http.POST('/v1/webhooks', { body })
  expect(data?.secret).toMatch(/^whsec_/)
  const { error, response } = await palimpsest.http.GET('/v1/alerts/{id}', { params: { path: { id: 'alr_none' } } })
  expect([response.status, error?.code]).toEqual([404, 'not_found'])
})

test('what is built for others is plain JavaScript with types, and does the same', async () => {
  await mkdir(join(repository, 'dist'), { recursive: true })
  const folder = await mkdtemp(join(repository, 'dist', 'test-'))
  const run = promisify(execFile)
  try {
    await run('npx', ['tsc', '-p', 'services/client', '--outDir', folder], { cwd: repository })
    const program = `
      import { createPalimpsest } from ${JSON.stringify(join(folder, 'palimpsest.js'))}
      const palimpsest = createPalimpsest(${JSON.stringify({ url: served.url, key: apiKey })})
      console.log((await palimpsest.ask({ question: 'Who?' })).answer)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program])
    expect(stdout).toBe('An answer to: Who?\n')
    expect(await readFile(join(folder, 'palimpsest.d.ts'), 'utf8')).toContain('createPalimpsest')
  } finally {
    await rm(folder, { recursive: true })
  }
})
