import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const url = 'https://hooks.example.com/palimpsest'

async function create(body: object, headers: Record<string, string> = {}) {
  const response = await api.call('POST', '/v1/webhooks', body, headers)
  expect(response.status).toBe(201)
  return { response, webhook: (await response.json()) as { id: string; secret: string; events: string[] } }
}

describe('/v1/webhooks', () => {
  it('shows the secret when it is made and rotated, and nowhere else', async () => {
    const { response, webhook } = await create({ url, events: ['update.promoted'] })
    expect(response.headers.get('location')).toBe(`/v1/webhooks/${webhook.id}`)
    expect(webhook.secret).toMatch(/^whsec_/)
    expect(webhook.events).toEqual(['update.promoted'])
    for (const path of ['/v1/webhooks', `/v1/webhooks/${webhook.id}`]) {
      const text = await (await api.call('GET', path)).text()
      expect(text).toContain(webhook.id)
      expect(text).not.toContain(webhook.secret)
    }
    const rotated = await api.call('POST', `/v1/webhooks/${webhook.id}/rotate-secret`)
    const { secret } = (await rotated.json()) as { secret: string }
    expect(secret).not.toBe(webhook.secret)
  })

  it('changes and removes an endpoint', async () => {
    const { webhook } = await create({ url })
    const patched = await api.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false })
    expect(await patched.json()).toMatchObject({ id: webhook.id, enabled: false })
    const removed = await api.call('DELETE', `/v1/webhooks/${webhook.id}`)
    expect([removed.status, await removed.text()]).toEqual([204, ''])
    await problem(await api.call('DELETE', `/v1/webhooks/${webhook.id}`), 404)
    await problem(await api.call('GET', `/v1/webhooks/${webhook.id}`), 404)
    await problem(await api.call('GET', `/v1/webhooks/${webhook.id}/deliveries`), 404)
  })

  it('makes one endpoint for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'hook-1' }
    const first = await create({ url }, headers)
    const again = await create({ url }, headers)
    expect(again.webhook).toEqual(first.webhook)
    await problem(await api.call('POST', '/v1/webhooks', { url, events: ['update.failed'] }, headers), 422)
    const text = 'The same key on another path is another request. It was sent by Orla Venn.'
    await problem(await api.call('POST', '/v1/documents', { title: 'T', text }, headers), 422)
  })

  it.each([
    [{}, '#/url'],
    [{ url: 'not a url' }, '#/url'],
    [{ url: 'http://hooks.example.com' }, '#/url'],
    [{ url: 'https://10.0.0.1/' }, '#/url'],
    [{ url, events: [] }, '#/events'],
    [{ url, events: ['update.exploded'] }, '#/events/0'],
    [{ url, secret: 'short' }, '#/secret'],
    [{ url, evnts: [] }, '#/evnts'],
  ])('refuses %j with a pointer', async (body, pointer) => {
    const told = await problem(await api.call('POST', '/v1/webhooks', body), 400)
    expect(told.errors?.[0]?.pointer).toBe(pointer)
  })

  it('lists what is to be sent to an endpoint', async () => {
    const { webhook } = await create({ url, events: ['update.promoted', 'retention.regressed'] })
    const { document } = await postDocument(api.database, 'Notified tower')
    const alert = {
      statistic: 'mcnemar_exact_pooled',
      pValue: 0.01,
      evidence: [],
    }
    await promoteClaim(api.database, await claimNext(api.database), 0, { [document.id]: 2 }, { alert })
    const path = `/v1/webhooks/${webhook.id}/deliveries`
    const page = (await (await api.call('GET', `${path}?limit=1`)).json()) as { data: unknown[]; last_id: string }
    expect(page).toMatchObject({ has_more: true, data: [{ object: 'delivery', state: 'pending', attempts: 0 }] })
    const rest = (await (await api.call('GET', `${path}?after=${page.last_id}`)).json()) as { data: unknown[] }
    const types = [...page.data, ...rest.data].map((delivery) => (delivery as { event_type: string }).event_type)
    expect(types.sort()).toEqual(['retention.regressed', 'update.promoted'])
  })
})

describe('/v1/alerts', () => {
  it('lists regressions and shows one with update, statistic and p-value', async () => {
    const list = (await (await api.call('GET', '/v1/alerts?model=default')).json()) as { data: { id: string }[] }
    expect(list.data).toMatchObject([
      { object: 'alert', model: 'default', statistic: 'mcnemar_exact_pooled', p_value: 0.01 },
    ])
    const alert = await api.call('GET', `/v1/alerts/${list.data[0]?.id}`)
    expect(await alert.json()).toEqual(list.data[0])
    await problem(await api.call('GET', '/v1/alerts/alr_none'), 404)
    await problem(await api.call('GET', '/v1/alerts?model=nobody'), 404)
  })
})
