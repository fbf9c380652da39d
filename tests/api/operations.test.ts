// What an operator looks at: the log, and the page of the API.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../support/api.ts'

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
