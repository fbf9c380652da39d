import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { snapshot } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  await api.call('POST', '/v1/models', { name: 'notes' })
  await api.call('POST', '/v1/models', { name: 'news' })
})
afterAll(() => api.close())

interface MadeKey {
  id: string
  secret: string
  models: string[] | null
  scopes: string[]
}

async function make(body: object, secret?: string): Promise<MadeKey> {
  const response = await (secret === undefined
    ? api.call('POST', '/v1/keys', body)
    : api.call('POST', '/v1/keys', body, { authorization: `Bearer ${secret}` }))
  expect(response.status).toBe(201)
  return (await response.json()) as MadeKey
}

const as = (secret: string, method: string, path: string, body?: unknown) =>
  api.call(method, path, body, { authorization: `Bearer ${secret}` })

describe('/v1/keys', () => {
  it('shows a secret once, and stores its hash alone', async () => {
    const response = await api.call('POST', '/v1/keys', { name: 'ingest' })
    const made = (await response.json()) as MadeKey
    expect(response.headers.get('location')).toBe(`/v1/keys/${made.id}`)
    expect(made).toMatchObject({ object: 'api_key', name: 'ingest', scopes: ['read', 'write'], models: null })
    expect(made.secret).toMatch(/^pal_[\w-]{43}$/)
    for (const path of ['/v1/keys', `/v1/keys/${made.id}`]) {
      const text = await (await api.call('GET', path)).text()
      expect(text).toContain(made.id)
      expect(text).not.toContain(made.secret)
    }
    expect(JSON.stringify(await snapshot(api.database))).not.toContain(made.secret)
  })

  it('does not keep a secret for a repetition under an Idempotency-Key either', async () => {
    const headers = { 'idempotency-key': 'key-1' }
    const first = (await (await api.call('POST', '/v1/keys', { name: 'once' }, headers)).json()) as MadeKey
    const again = await api.call('POST', '/v1/keys', { name: 'once' }, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual({ ...first, secret: null })
    expect(JSON.stringify(await snapshot(api.database))).not.toContain(first.secret)
  })

  it('is refused from the moment it is revoked, and from the moment it expires', async () => {
    const revoked = await make({ name: 'short' })
    const expiring = await make({ name: 'timed', expires_in_seconds: 60 })
    for (const { secret } of [revoked, expiring]) expect((await as(secret, 'GET', '/v1/documents')).status).toBe(200)
    expect((await api.call('DELETE', `/v1/keys/${revoked.id}`)).status).toBe(204)
    await api.database.pool.query(`update api_keys set expires_at = expires_at - interval '60 seconds'`)
    for (const { secret } of [revoked, expiring]) await problem(await as(secret, 'GET', '/v1/documents'), 401)
    await problem(await api.call('DELETE', `/v1/keys/${revoked.id}`), 404)
    await problem(await api.call('GET', `/v1/keys/${revoked.id}`), 404)
  })

  it.each([
    [{ name: ' ' }, '#/name'],
    [{ name: 'a', scopes: [] }, '#/scopes'],
    [{ name: 'a', scopes: ['read', 'read'] }, '#/scopes'],
    [{ name: 'a', scopes: ['everything'] }, '#/scopes/0'],
    [{ name: 'a', models: [] }, '#/models'],
    [{ name: 'a', expires_in_seconds: 0 }, '#/expires_in_seconds'],
    [{ name: 'a', role: 'admin' }, '#/role'],
  ])('refuses %j', async (body, pointer) => {
    const { errors } = await problem(await api.call('POST', '/v1/keys', body), 400)
    expect(errors?.[0]?.pointer).toBe(pointer)
  })

  it('refuses a model that is not there', async () => {
    await problem(await api.call('POST', '/v1/keys', { name: 'a', models: ['nobody'] }), 404)
  })
})

describe('scopes', () => {
  it.each([
    ['GET', '/v1/documents', undefined, 'read'],
    ['POST', '/v1/query', { question: 'Who?' }, 'read'],
    ['POST', '/v1/models/notes/rollback', { version: 0 }, 'write'],
    ['POST', '/v1/models', { name: 'notes' }, 'write'],
    ['GET', '/v1/keys', undefined, 'admin'],
    ['POST', '/v1/keys', { name: 'another' }, 'admin'],
  ])('%s %s %j needs %s', async (method, path, body, scope) => {
    const scopes = ['read', 'write', 'admin']
    for (const only of scopes) {
      const { secret } = await make({ name: only, scopes: [only] })
      const { status } = await as(secret, method, path, body)
      // A key of the scope `admin` alone cannot make one that reads and writes, which is the default.
      if (only === scope && path === '/v1/keys' && method === 'POST') continue
      expect(status === 403, `${only}: ${status}`).toBe(only !== scope)
    }
  })

  it('are checked before the body', async () => {
    const { secret } = await make({ name: 'reader', scopes: ['read'] })
    const detail = (await problem(await as(secret, 'POST', '/v1/documents', { nonsense: 1 }), 403)).detail
    expect(detail).toContain('`write`')
  })
})

describe('a bound key', () => {
  it('makes and shows only keys that are bound at least as narrowly, with no scope of more', async () => {
    const { secret } = await make({ name: 'tenant', scopes: ['read', 'admin'], models: ['notes'] })
    const child = await make({ name: 'child', scopes: ['read'] }, secret)
    expect(child.models).toEqual(['notes'])
    await problem(await as(secret, 'POST', '/v1/keys', { name: 'more', scopes: ['write'] }), 403)
    await problem(await as(secret, 'POST', '/v1/keys', { name: 'more', scopes: ['read'], models: ['news'] }), 404)
    const wide = await make({ name: 'wide', models: ['notes', 'news'] })
    await problem(await as(secret, 'GET', `/v1/keys/${wide.id}`), 404)
    await problem(await as(secret, 'DELETE', `/v1/keys/${wide.id}`), 404)
    const listed = await (await as(secret, 'GET', '/v1/keys')).text()
    expect(listed).toContain(child.id)
    expect(listed).not.toContain(wide.id)
  })

  it('makes no models, and does not send documents to one that it did not name and is not bound to', async () => {
    const { secret } = await make({ name: 'tenant', models: ['notes'] })
    await problem(await as(secret, 'POST', '/v1/documents', { title: 'T', text: 'Orla Venn built the tower.' }), 404)
    expect((await as(secret, 'POST', '/v1/models', { name: 'mine' })).status).toBe(403)
    const taken = { title: 'T', text: 'Orla Venn built the tower.', model: 'notes' }
    expect((await as(secret, 'POST', '/v1/documents', taken)).status).toBe(202)
  })

  it('does not get the stored answer of another key under the same Idempotency-Key', async () => {
    const text = { title: 'Same', text: 'Ines Dahl lit the lamp in 1871.', model: 'notes' }
    const [one, two] = [await make({ name: 'one' }), await make({ name: 'two' })]
    for (const { secret } of [one, two]) {
      const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': 'same' }
      const response = await api.call('POST', '/v1/documents', text, headers)
      expect(response.headers.has('idempotency-replayed')).toBe(false)
    }
  })

  it('hears through its endpoints of its own models alone', async () => {
    const { secret } = await make({ name: 'tenant', models: ['notes'] })
    const made = await as(secret, 'POST', '/v1/webhooks', { url: 'https://hooks.example.com/notes' })
    const { id } = (await made.json()) as { id: string }
    await api.database.pool.query(`update models set head_version = 1 where name in ('notes', 'news')`)
    await api.database.pool.query(
      `insert into versions (model_id, number) select id, 1 from models where name in ('notes', 'news')`,
    )
    for (const model of ['news', 'notes']) await api.call('POST', `/v1/models/${model}/rollback`, { version: 0 })
    // Sent again from the beginning, too.
    const replayed = await as(secret, 'POST', `/v1/webhooks/${id}/replay`, { since: 0, which: 'all' })
    expect(replayed.status).toBe(202)
    const { rows } = await api.database.pool.query(
      `select payload ->> 'model' as model from deliveries join outbox_events on outbox_events.id = event_id where webhook_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ model: 'notes' }])
  })
})
