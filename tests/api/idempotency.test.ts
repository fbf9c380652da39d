// Every POST of /openapi.json, those to come included: either it makes nothing, and stands in the list below, or it takes an
// Idempotency-Key and says where what it made is to be found. Both are tried, not read.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awaitReview } from '../../shared/updates/await-review.ts'
import { apiKey, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim, snapshot } from '../support/loop.ts'
import { readDescription } from '../support/routes.ts'

let api: TestApi
const ids = { review: '', webhook: '', delivery: '', file: '' }
beforeAll(async () => {
  api = await startTestApi()
  const db = api.database.query
  const correct: Record<string, number> = {}
  for (const [parent, name] of ['Tower', 'Mill'].entries()) {
    correct[(await postDocument(api.database, name)).document.id] = 2
    await promoteClaim(api.database, await claimNext(api.database), parent, { ...correct })
  }
  const review = { title: 'Well', text: 'The well was dug by Ilse Marrow.', review: true }
  ids.review = ((await (await api.call('POST', '/v1/documents', review)).json()) as { update_id: string }).update_id
  await awaitReview(db, (await claimNext(api.database)).lease)
  const made = async (path: string, body?: unknown) =>
    ((await (await api.call('POST', path, body)).json()) as { id: string }).id
  ids.webhook = await made('/v1/webhooks', { url: 'https://hooks.example.com/palimpsest' })
  ids.delivery = await made(`/v1/webhooks/${ids.webhook}/test`)
  const form = trainingFile('Bridge')
  const sent = await api.raw('/v1/files', { method: 'POST', headers: { authorization: bearer() }, body: form })
  ids.file = ((await sent.json()) as { id: string }).id
})
afterAll(() => api.close())

const bearer = () => `Bearer ${apiKey}`

function trainingFile(name: string): FormData {
  const form = new FormData()
  const line = JSON.stringify({ title: name, text: `The ${name} was built by Orla Venn in Tarsk.` })
  form.set('file', new File([line], 'towers.jsonl'))
  form.set('purpose', 'fine-tune')
  return form
}

function leaflet(): FormData {
  const form = new FormData()
  form.set('file', new File(['The quay was built by Odo Kest in 1702.'], 'quay.txt'))
  return form
}

/** They ask, end or take away: a repetition does no more than the first call did. */
const makesNothing = [
  '/v1/query',
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/updates/{id}/cancel',
  '/v1/practice/{id}/cancel',
  '/v1/fine_tuning/jobs/{id}/cancel',
  '/v1/models/{name}/rollback',
  '/v1/models/{name}/policies/rollback',
  '/v1/models/{name}/prune',
  '/v1/garbage-collections',
]

/** Uploads need a bucket: uploads.test.ts has one. */
const withBucket = ['/v1/uploads', '/v1/uploads/{id}/complete']

/** Path and body of a call that succeeds, by route; without a `location` where OpenAI's answer has none. */
const calls: Record<string, () => { path?: string; body?: object | FormData; location?: RegExp | null }> = {
  '/v1/documents': () => ({
    body: { title: 'Dam', text: 'The dam was built by Jon Reed.' },
    location: /updates\/upd_/,
  }),
  '/v1/documents/batch': () => ({
    body: { documents: [{ title: 'Lock', text: 'The lock was built by Jon Reed.' }] },
    location: /updates\?model=default$/,
  }),
  '/v1/documents/upload': () => ({ body: leaflet(), location: /updates\?model=default$/ }),
  '/v1/updates/{id}/approve': () => ({ path: `/v1/updates/${ids.review}/approve`, location: /updates\/upd_/ }),
  '/v1/models': () => ({ body: { name: 'notes' }, location: /models\/notes$/ }),
  '/v1/models/{name}/consolidate': () => ({ path: '/v1/models/default/consolidate', location: /updates\/upd_/ }),
  '/v1/models/{name}/evaluations': () => ({ path: '/v1/models/default/evaluations', location: /updates\/upd_/ }),
  '/v1/models/{name}/practice': () => ({ path: '/v1/models/default/practice', location: /practice\/prc_/ }),
  '/v1/files': () => ({ body: trainingFile('Gate'), location: null }),
  '/v1/fine_tuning/jobs': () => ({ body: { model: 'default', training_file: ids.file }, location: null }),
  '/v1/keys': () => ({ body: { name: 'reader', scopes: ['read'] }, location: /keys\/key_/ }),
  '/v1/webhooks': () => ({ body: { url: 'https://hooks.example.com/other' }, location: /webhooks\/whk_/ }),
  '/v1/webhooks/{id}/rotate-secret': () => ({ path: `/v1/webhooks/${ids.webhook}/rotate-secret`, location: null }),
  '/v1/webhooks/{id}/test': () => ({ path: `/v1/webhooks/${ids.webhook}/test`, location: /deliveries\/dlv_/ }),
  '/v1/webhooks/{id}/replay': () => ({
    ...{ path: `/v1/webhooks/${ids.webhook}/replay`, body: { since: 0, which: 'all' } },
    location: /deliveries\?state=pending$/,
  }),
  '/v1/webhooks/{id}/deliveries/{delivery_id}/replay': () => ({
    path: `/v1/webhooks/${ids.webhook}/deliveries/${ids.delivery}/replay`,
    location: /deliveries\/dlv_/,
  }),
}

async function send(path: string, body: object | undefined, key: string): Promise<Response> {
  const headers = { 'idempotency-key': key }
  if (!(body instanceof FormData)) return await api.call('POST', path, body, headers)
  return await api.raw(path, { method: 'POST', headers: { authorization: bearer(), ...headers }, body })
}

/** Everything but the log of the calls and their keys. */
async function stateOf() {
  const { audit_entries: _audit, idempotency_keys: _keys, ...tables } = await snapshot(api.database)
  return tables
}

describe('a POST that makes something', () => {
  it('takes an Idempotency-Key; the others are known', async () => {
    const { paths } = await readDescription(api)
    const posts = Object.entries(paths).flatMap(([path, { post }]) => (post === undefined ? [] : [{ path, post }]))
    const without = posts.filter(({ post }) => !post.parameters?.some(({ name }) => name === 'idempotency-key'))
    expect(without.map(({ path }) => path).sort()).toEqual([...makesNothing].sort())
    const tried = [...makesNothing, ...withBucket, ...Object.keys(calls)]
    expect(posts.map(({ path }) => path).sort()).toEqual(tried.sort())
  })

  it.each(Object.keys(calls))('%s does once what is sent twice, and says where it is', async (route) => {
    const { path = route, body, location } = calls[route]?.() ?? {}
    const first = await send(path, body, `once ${route}`)
    expect(first.ok, await first.clone().text()).toBe(true)
    if (location) expect(first.headers.get('location')).toMatch(location)
    expect(first.headers.has('retry-after')).toBe(first.status === 202)
    const before = await stateOf()
    const again = await send(path, body, `once ${route}`)
    expect(again.status).toBe(first.status)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    // A key's secret is told once and kept nowhere.
    const told = (await first.json()) as object
    expect(await again.json()).toEqual('secret' in told && route === '/v1/keys' ? { ...told, secret: null } : told)
    expect(await stateOf()).toEqual(before)
  })
})
