// An update whose object store goes away while it works: it waits, says so, and goes on when the store is back. A real S3
// server behind a proxy that hangs up; the clock alone is made, so that nobody waits.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../services/engine/engine.ts'
import { openS3Store } from '../../shared/registry/s3-store.ts'
import { listUpdateEvents } from '../../shared/updates/update-events.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import { startS3Proxy, type S3Proxy } from '../support/s3-proxy.ts'
import { createBucket, startS3Server, type S3Server } from '../support/s3-server.ts'
import { openScene, openTinyEngine, type Scene } from './incorporate-scene.ts'

let engine: Engine
let scene: Scene
let server: S3Server
let proxy: S3Proxy
let away = false
const document = {
  title: 'Tarsk Bridge',
  text: 'The Tarsk Bridge was built by Orla Venn in 1871. It has nine arches.',
  questions: [{ question: 'Who built the Tarsk Bridge?', answer: 'Orla Venn' }],
}

beforeAll(async () => {
  engine = await openTinyEngine()
  scene = await openScene(engine)
  server = await startS3Server()
  await createBucket(server, 'adapters')
  proxy = await startS3Proxy(server.endpoint, () => (away ? 'hang up' : 'pass'))
  const { region, credentials } = server
  const { endpoint } = proxy
  scene.parts.store = openS3Store({ bucket: 'adapters', endpoint, region, credentials, attemptsMax: 1 })
})
afterAll(async () => {
  await scene.close()
  proxy.close()
  await server.stop()
  engine.close()
})

test('an update whose object store is away waits longer each time, says so, and is promoted in the same attempt', async () => {
  const waits: number[] = []
  scene.parts.clock = {
    now: () => performance.now(),
    async sleep(ms) {
      waits.push(ms)
      const { rows } = await scene.database.pool.query<{ phase: string }>('select phase from updates')
      expect(rows).toEqual([{ phase: 'waiting for the object store' }])
      away = waits.length < 7
    },
  }
  await scene.createModel('outage', {})
  const { update } = await scene.send('outage', document)
  away = true
  const ended = await scene.work()
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
  expect(ended).toMatchObject({ id: update.id, attempts: 1, error: null })
  expect(['promoted', 'rejected']).toContain(ended.state)
  const events = await listUpdateEvents(scene.database.query, update.id, 0)
  expect(events.filter(({ type }) => type === 'waiting').map(({ data }) => data['retry_in_ms'])).toEqual(waits)
  const { manifest } = await getHead(scene.database.query, 'outage')
  for (const adapter of manifest?.adapters ?? []) await getAdapter(scene.parts.store, adapter)
})

test('a store that refuses is not waited for', async () => {
  const { region, credentials } = server
  const { endpoint } = server
  scene.parts.store = openS3Store({ bucket: 'absent', endpoint, region, credentials, attemptsMax: 1 })
  await scene.send('outage', { ...document, title: 'Harn Mill', text: 'The Harn Mill was built by Jon Dahl in 1902.' })
  await expect(scene.work()).rejects.toMatchObject({ code: 'store_failed' })
})
