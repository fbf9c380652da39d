import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeOutbox } from '../../shared/webhooks/outbox.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

interface Shown {
  id: string
  state: string
}

async function createEndpoint(): Promise<string> {
  const response = await api.call('POST', '/v1/webhooks', {
    url: 'https://hooks.example.com/',
    events: ['update.failed'],
  })
  return ((await response.json()) as Shown).id
}

describe('/v1/webhooks/{id}', () => {
  it('queues a test message and says where to see what comes of it', async () => {
    const id = await createEndpoint()
    const response = await api.call('POST', `/v1/webhooks/${id}/test`)
    expect(response.status).toBe(202)
    const queued = (await response.json()) as Shown
    expect(queued).toMatchObject({ object: 'delivery', webhook_id: id, event_type: 'webhook.test', state: 'pending' })
    const location = response.headers.get('location') ?? ''
    expect(location).toBe(`/v1/webhooks/${id}/deliveries/${queued.id}`)
    expect(await (await api.call('GET', location)).json()).toEqual(queued)
    await api.call('PATCH', `/v1/webhooks/${id}`, { enabled: false })
    await problem(await api.call('POST', `/v1/webhooks/${id}/test`), 409)
    await problem(await api.call('POST', '/v1/webhooks/whk_none/test'), 404)
  })

  it('sends one test message for one Idempotency-Key', async () => {
    const id = await createEndpoint()
    const headers = { 'idempotency-key': 'test-1' }
    const first: unknown = await (await api.call('POST', `/v1/webhooks/${id}/test`, undefined, headers)).json()
    const again = await api.call('POST', `/v1/webhooks/${id}/test`, undefined, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual(first)
  })

  it('replays one delivery, or what was missed since a moment', async () => {
    const id = await createEndpoint()
    await writeOutbox(api.database.query, 'update.failed', { object: 'update', id: 'upd_1' })
    const path = `/v1/webhooks/${id}/deliveries`
    const pending = (await (await api.call('GET', `${path}?state=pending`)).json()) as { data: Shown[] }
    const delivery = pending.data[0]?.id ?? ''
    expect((await (await api.call('GET', `${path}?state=failed`)).json()) as object).toMatchObject({ data: [] })
    const one = await api.call('POST', `${path}/${delivery}/replay`)
    expect([one.status, one.headers.get('location')]).toEqual([202, `${path}/${delivery}`])
    expect(await one.json()).toMatchObject({ id: delivery, state: 'pending' })
    const since = await api.call('POST', `/v1/webhooks/${id}/replay`, { since: 0 })
    expect(since.status).toBe(202)
    expect(await since.json()).toMatchObject({ object: 'replay', webhook_id: id, since: 0, deliveries: 0 })
    await problem(await api.call('POST', `${path}/dlv_none/replay`), 404)
    for (const body of [{}, { since: 'yesterday' }, { since: -1 }, { since: 1e15 }, { since: 0, which: 'some' }])
      await problem(await api.call('POST', `/v1/webhooks/${id}/replay`, body), 400)
  })

  it('rotates to a secret of the caller, with a body or without one', async () => {
    const id = await createEndpoint()
    const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
    const rotate = (body?: object) => api.call('POST', `/v1/webhooks/${id}/rotate-secret`, body)
    expect(await (await rotate({ secret, revoke_previous: true })).json()).toMatchObject({ id, secret })
    const made = (await (await rotate()).json()) as { secret: string }
    expect(made.secret).not.toBe(secret)
    await problem(await rotate({ secret: 'short' }), 400)
  })
})
