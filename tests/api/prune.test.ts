import { afterAll, beforeAll, expect, it } from 'vitest'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  for (let head = 0; head < 5; head++) {
    const { document } = await postDocument(api.database, `Tower ${head}`)
    await promoteClaim(api.database, await claimNext(api.database), head, { [document.id]: 1 })
  }
})
afterAll(() => api.close())

const of = (version: number) => `/v1/models/default/versions/${version}`

it('pins a version, deletes the others, and then neither answers them nor goes back to them', async () => {
  const pinned = await api.call('PUT', of(2), { pinned: true })
  expect(await pinned.json()).toMatchObject({ object: 'version', version: 2, pinned: true, deleted_at: null })
  const planned = await api.call('POST', '/v1/models/default/prune', { keep: 1, dry_run: true })
  expect(await planned.json()).toMatchObject({ object: 'pruning', dry_run: true, deleted: [1, 3] })
  expect((await api.call('POST', '/v1/query', { question: 'Who?', model: 'default@v1' })).status).toBe(200)
  expect((await api.call('POST', '/v1/models/default/prune', { keep: 1 })).status).toBe(200)
  expect(await (await api.call('GET', of(1))).json()).toMatchObject({ deleted_at: expect.any(Number) as number })
  const asked = await problem(await api.call('POST', '/v1/query', { question: 'Who?', model: 'default@v1' }), 404)
  expect(asked.detail).toBe('version 1 of default was deleted')
  await problem(await api.call('POST', '/v1/models/default/rollback', { version: 1 }), 404)
  await problem(await api.call('GET', `${of(1)}/adapter`), 404)
  await problem(await api.call('POST', '/v1/models/default/prune', { versions: [2] }), 409)
})

it.each([{}, { keep: 0 }, { keep: 1, versions: [1] }, { versions: [] }])('refuses to prune by %j', async (body) => {
  await problem(await api.call('POST', '/v1/models/default/prune', body), 400)
})

it('collects garbage: says first what would go, and leaves what is young unless told otherwise', async () => {
  const { key } = await putAdapter(api.store, Buffer.from('of a candidate that was rejected'))
  const collect = async (body?: object) => (await api.call('POST', '/v1/garbage-collections', body)).json()
  expect(await collect()).toMatchObject({ object: 'garbage_collection', dry_run: false, bytes: 0, objects: [] })
  const planned = await collect({ grace_hours: 0, dry_run: true })
  expect(planned).toMatchObject({ dry_run: true, bytes: 32, objects: [{ key, bytes: 32 }] })
  expect(await api.store.has(key)).toBe(true)
  expect(await collect({ grace_hours: 0 })).toMatchObject({ objects: [{ key }] })
  expect(await api.store.has(key)).toBe(false)
})
