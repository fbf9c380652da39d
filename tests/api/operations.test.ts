// What an operator looks at: figures, the log, traces, and the page of the API.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMetrics } from '../../services/api/metrics.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { startTracing } from '../../shared/tracing.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { createTenant } from '../support/tenants.ts'

interface Line {
  msg: string
  request_id: string
  route: string
  status: number
  key_id?: string
  update_id?: string
}

const lines: Line[] = []
const log = pino(
  new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)) as Line)
      done()
    },
  }),
)

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ log })
})
afterAll(() => api.close())

describe('/metrics', () => {
  it('counts requests by route, never by what was asked for', async () => {
    await api.call('GET', '/v1/models/default')
    await api.call('GET', '/v1/models/nobody')
    const response = await api.call('GET', '/metrics')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const text = await response.text()
    for (const status of [200, 404])
      expect(text).toContain(
        `palimpsest_http_requests_total{method="GET",route="/v1/models/:name",status="${status}"} 1`,
      )
    expect(text).toContain('palimpsest_http_request_duration_seconds_count{method="GET",route="/v1/models/:name"} 2')
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
    expect(text).not.toContain('nobody')
  })

  it('shows the queue, and counts what is finished, what was forgotten and what was delivered', async () => {
    const watched = await startTestApi()
    const read = async () => await (await watched.call('GET', '/metrics')).text()
    expect(await read()).toContain('palimpsest_updates{state="queued"} 0')
    await createTenant(watched, 'notes')
    await watched.call('POST', '/v1/documents', { title: 'Tower', text: 'The tower was built by Orla Venn.' })
    const figures = await read()
    for (const figure of [
      'updates{state="queued"} 1',
      'updates_finished_total{kind="incorporate",outcome="promoted"} 1',
      'retention_alerts_total 1',
      'webhook_deliveries_pending 2',
      'models 2',
      'documents 2',
      'database_up 1',
    ])
      expect(figures).toContain(`palimpsest_${figure}`)
    await watched.database.pool.query(`update deliveries set state = 'delivered', next_attempt_at = null`)
    expect(await read()).toContain('palimpsest_webhook_deliveries_finished_total{outcome="delivered"} 2')
    await watched.close()
  })

  it('lets no counter fall when rows are deleted, nor count anything twice', async () => {
    const watched = await startTestApi()
    const promoted = async () =>
      /updates_finished_total\{kind="incorporate",outcome="promoted"\} (\d+)/.exec(
        await (await watched.call('GET', '/metrics')).text(),
      )?.[1]
    await promoted()
    await createTenant(watched, 'first')
    const both = await Promise.all([promoted(), promoted()])
    expect(both).toEqual(['1', '1'])
    expect((await watched.call('DELETE', '/v1/models/first')).status).toBe(200)
    expect(await promoted()).toBe('1')
    await createTenant(watched, 'second')
    expect(await promoted()).toBe('2')
    await watched.close()
  })

  it('goes on without the database, and says so', async () => {
    const away = openDatabase('postgres://nobody@127.0.0.1:9/none')
    const text = await createMetrics(away).write()
    expect(text).toContain('palimpsest_database_up 0')
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
    await away.close()
  })

  it('is for keys that see all models', async () => {
    await problem(await api.raw('/metrics'), 401)
    const made = await api.call('POST', '/v1/keys', { name: 'bound', models: ['default'] })
    const { secret } = (await made.json()) as { secret: string }
    await problem(await api.raw('/metrics', { headers: { authorization: `Bearer ${secret}` } }), 403)
  })
})

describe('the log', () => {
  it('has a line for each request with its id, its key and its update, and nothing that was sent', async () => {
    const sent = { title: 'Secretly', text: 'The well of Tarsk is nine metres deep.' }
    const headers = { 'x-request-id': 'trace-me-0001' }
    const response = await api.call('POST', '/v1/documents', sent, headers)
    expect(response.headers.get('x-request-id')).toBe('trace-me-0001')
    const { update_id: updateId } = (await response.json()) as { update_id: string }
    const line = lines.findLast(({ msg }) => msg === 'request')
    expect(line).toMatchObject({
      request_id: 'trace-me-0001',
      route: '/v1/documents',
      status: 202,
      key_id: 'root',
      update_id: updateId,
    })
    expect(JSON.stringify(lines)).not.toContain('nine metres')
  })

  it('takes no id that could be mistaken for more than one', async () => {
    const response = await api.raw('/health', { headers: { 'x-request-id': 'a b;c' } })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('traces', () => {
  it("go to the collector that is configured, continue the caller's, and go on in inference", async () => {
    const received: string[] = []
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        received.push(`${request.url} ${Buffer.concat(chunks).toString('utf8')}`)
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      })
    })
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const stop = startTracing('api', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, log)
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`
    await api.call('POST', '/v1/query', { question: 'Who built it?' }, { traceparent })
    const document = { title: 'Well', text: 'The well was dug by Ilse Marrow.' }
    const posted = await api.call('POST', '/v1/documents', document, { traceparent })
    const { update_id: updateId } = (await posted.json()) as { update_id: string }
    await stop()
    collector.close()
    const sent = received.join()
    expect(sent).toMatch(/^\/v1\/traces /)
    for (const part of [traceId, 'POST /v1/query', 'palimpsest-api', updateId]) expect(sent).toContain(part)
    expect(api.inference.headers.at(-1)?.['traceparent']).toMatch(new RegExp(`^00-${traceId}-`))
  })
})

describe('/docs', () => {
  it('shows every call of the description, and loads nothing from anywhere', async () => {
    const response = await api.raw('/docs')
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = await response.text()
    const description = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, object> }
    for (const path of Object.keys(description.paths)) expect(page).toContain(`<code>${path}</code>`)
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/)
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].filter(([, to]) => !/^[#/](?!\/)/.test(to ?? ''))).toEqual([])
    const anchors = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
    for (const [, to] of page.matchAll(/href="#([^"]*)"/g)) expect(anchors).toContain(to)
  })
})
