import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, promoteClaim, snapshot } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  await api.call('POST', '/v1/models', { name: 'notes', strategy: 'replay' })
})
afterAll(() => api.close())

interface Entry {
  id: string
  action: string
  models: string[] | null
  key: { id: string; name: string } | null
  status: number | null
  update_id: string | null
  request_id: string | null
  input: Record<string, unknown>
}

async function listEntries(query = ''): Promise<Entry[]> {
  const response = await api.call('GET', `/v1/audit?limit=100${query}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { data: Entry[] }).data
}

describe('GET /v1/audit', () => {
  it('says who changed which model, how, and by which request', async () => {
    const changed = await api.call('PATCH', '/v1/models/notes', { auto_rollback: true })
    const [entry] = await listEntries('&model=notes')
    expect(entry).toMatchObject({
      object: 'audit_entry',
      action: 'PATCH /v1/models/{name}',
      path: '/v1/models/notes',
      models: ['notes'],
      key: { id: 'root', name: 'root' },
      input: { auto_rollback: true },
      status: 200,
      request_id: changed.headers.get('x-request-id'),
    })
    expect((await listEntries('&model=notes')).map(({ action }) => action)).toEqual([
      'PATCH /v1/models/{name}',
      'POST /v1/models',
    ])
  })

  it('follows a document from the call to the version that the trainer made of it', async () => {
    const text = 'The tower of Tarsk was built by Orla Venn, whom nobody thanked.'
    const posted = await api.call('POST', '/v1/documents', { title: 'Tower', text, model: 'notes' })
    const document = (await posted.json()) as { id: string; update_id: string }
    await promoteClaim(api.database, await claimNext(api.database), 0, { [document.id]: 0 })
    const [promoted, taken] = await listEntries('&model=notes')
    expect(promoted).toMatchObject({ action: 'version.promoted', key: null, update_id: document.update_id })
    expect(taken).toMatchObject({ action: 'POST /v1/documents', update_id: document.update_id, status: 202 })
    expect(taken?.input).toMatchObject({ title: 'Tower', model: 'notes' })
    expect(JSON.stringify(await listEntries())).not.toContain('nobody thanked')
  })

  it('keeps no secret, and nothing of what was refused or only read', async () => {
    const before = await listEntries()
    await problem(await api.call('POST', '/v1/models/notes/rollback', { version: 77 }), 404)
    await api.call('POST', '/v1/query', { question: 'Who?' })
    await api.call('GET', '/v1/models/notes')
    expect(await listEntries()).toEqual(before)
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    await api.call('POST', '/v1/webhooks', { url: 'https://hooks.example.com', secret })
    const { audit_entries: entries } = await snapshot(api.database)
    expect(JSON.stringify(entries)).toContain('hooks.example.com')
    expect(JSON.stringify(entries)).not.toContain(secret)
  })

  it('stands in the way of no text that a route refuses in its own words', async () => {
    const strange = { title: 'NUL \0 and half a pair \ud800', text: 'The tower of Tarsk fell.', model: 'notes' }
    await problem(await api.call('POST', '/v1/documents', strange), 400)
  })

  it('remembers a model that is gone', async () => {
    await api.call('POST', '/v1/models', { name: 'fleeting' })
    await api.call('DELETE', '/v1/models/fleeting')
    expect((await listEntries('&model=fleeting')).map(({ action }) => action)).toEqual([
      'DELETE /v1/models/{name}',
      'POST /v1/models',
    ])
  })

  it('pages from the newest to the oldest', async () => {
    const all = await listEntries()
    const pages: string[] = []
    let after = ''
    for (;;) {
      const response = await api.call('GET', `/v1/audit?limit=3${after}`)
      const page = (await response.json()) as { data: Entry[]; has_more: boolean; last_id: string }
      pages.push(...page.data.map(({ id }) => id))
      if (!page.has_more) break
      after = `&after=${page.last_id}`
    }
    expect(pages).toEqual(all.map(({ id }) => id))
  })

  it('shows a bound key what concerns its models alone', async () => {
    await api.call('POST', '/v1/models', { name: 'foreign' })
    await api.call('DELETE', '/v1/models/foreign')
    const body = { name: 'auditor', scopes: ['admin'], models: ['notes'] }
    const { secret } = (await (await api.call('POST', '/v1/keys', body)).json()) as { secret: string }
    const response = await api.call('GET', '/v1/audit?limit=100', undefined, { authorization: `Bearer ${secret}` })
    const { data } = (await response.json()) as { data: Entry[] }
    expect(data.length).toBeGreaterThan(2)
    expect(new Set(data.map(({ models }) => models?.join()))).toEqual(new Set(['notes']))
  })
})

describe('entity tags', () => {
  it('let who has an answer already hear that it is still so', async () => {
    const first = await api.call('GET', '/v1/models/notes')
    const tag = first.headers.get('etag') ?? ''
    const again = await api.call('GET', '/v1/models/notes', undefined, { 'if-none-match': tag })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
    await api.call('PATCH', '/v1/models/notes', { reevaluate_hours: 7 })
    const changed = await api.call('GET', '/v1/models/notes', undefined, { 'if-none-match': tag })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(tag)
  })

  it.each([
    ['/v1/models/notes', { reevaluate_hours: 9 }],
    ['/v1/webhooks/:id', { enabled: false }],
  ])('keep two who edit %s from undoing each other', async (path, change) => {
    const { data } = (await (await api.call('GET', '/v1/webhooks')).json()) as { data: { id: string }[] }
    const place = path.replace(':id', data[0]?.id ?? '')
    const seen = { 'if-match': (await api.call('GET', place)).headers.get('etag') ?? '' }
    expect((await api.call('PATCH', place, change, seen)).status).toBe(200)
    expect((await api.call('PATCH', place, change, seen)).status).toBe(412)
    expect((await api.call('PATCH', place, change, { 'if-match': 'unquoted' })).status).toBe(400)
    expect((await api.call('PATCH', place, change, { 'if-match': '*' })).status).toBe(200)
  })

  it('keep a version from being pinned, and a model from being deleted, by who saw another', async () => {
    await api.call('POST', '/v1/models', { name: 'seen' })
    const change = async (method: string, path: string, body?: object) => {
      const tag = (await api.call('GET', path)).headers.get('etag') ?? ''
      const send = async (ifMatch: string) => (await api.call(method, path, body, { 'if-match': ifMatch })).status
      return [await send('"another"'), await send(tag)]
    }
    expect(await change('PUT', '/v1/models/seen/versions/0', { pinned: true })).toEqual([412, 200])
    expect(await change('DELETE', '/v1/models/seen')).toEqual([412, 200])
  })
})

describe('202', () => {
  it('says where to look and when', async () => {
    const body = { title: 'Well', text: 'The well of Tarsk is nine metres deep.' }
    const response = await api.call('POST', '/v1/documents', body)
    expect([response.status, response.headers.get('retry-after')]).toEqual([202, '1'])
    expect(response.headers.get('location')).toMatch(/^\/v1\/updates\/upd_/)
  })
})
