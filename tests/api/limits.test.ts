import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeRequest } from '../../shared/rate-limits/take-request.ts'
import { apiKey, problem, startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ ratePerMinute: 5, corsOrigins: ['https://app.example.com'] })
})
afterAll(() => api.close())

/** Moves every caller's allowance that much nearer to whole. */
const passTime = (seconds: number) =>
  api.database.pool.query(`update rate_limits set full_at = full_at - make_interval(secs => ${seconds})`)

describe('the allowance of a key', () => {
  it('is told with every answer, and comes back one by one', async () => {
    for (const left of [4, 3, 2, 1, 0]) {
      const response = await api.call('GET', '/v1/models/default')
      expect(response.status).toBe(200)
      expect(response.headers.get('ratelimit-policy')).toBe('"key";q=5;w=60')
      expect(response.headers.get('ratelimit')).toMatch(new RegExp(`^"key";r=${left};t=\\d+$`))
    }
    const refused = await api.call('GET', '/v1/documents')
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(12)
    expect(refused.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/)
    expect((await problem(refused, 429)).code).toBe('rate_limited')
    await passTime(wait)
    expect((await api.call('GET', '/v1/documents')).status).toBe(200)
    await problem(await api.call('GET', '/v1/documents'), 429)
  })

  it('says so in the body of OpenAI where its clients call', async () => {
    const response = await api.call('GET', '/v1/models')
    expect(response.status).toBe(429)
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limited' } })
  })

  it('is each key its own, and a key may have another', async () => {
    await passTime(60)
    const made = await api.call('POST', '/v1/keys', { name: 'slow', rate_per_minute: 1 })
    const { secret } = (await made.json()) as { secret: string }
    const ask = () => api.call('GET', '/v1/documents', undefined, { authorization: `Bearer ${secret}` })
    expect((await ask()).headers.get('ratelimit-policy')).toBe('"key";q=1;w=60')
    expect((await ask()).status).toBe(429)
    expect((await api.call('GET', '/v1/documents')).status).toBe(200)
  })

  it('lets no more through than there are, however many ask at once', async () => {
    const asked = Array.from({ length: 60 }, () => takeRequest(api.database.query, 'crowd', 20))
    const allowed = (await Promise.all(asked)).filter((one) => one.allowed)
    // One comes back every three seconds, which a slow machine may take for the sixty.
    expect(allowed.length).toBeGreaterThanOrEqual(20)
    expect(allowed.length).toBeLessThan(25)
  })

  it('does not count those who have no key', async () => {
    await passTime(60)
    for (let count = 0; count < 8; count++) await problem(await api.raw('/v1/documents'), 401)
    expect((await api.call('GET', '/v1/documents')).headers.get('ratelimit')).toMatch(/r=4/)
  })
})

describe('pages of other origins', () => {
  it('may call where the configuration names them', async () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
    const question = (origin: string) => api.raw('/v1/query', { method: 'OPTIONS', headers: { origin, ...asked } })
    const allowed = await question('https://app.example.com')
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect((await question('https://evil.example.com')).headers.has('access-control-allow-origin')).toBe(false)
    await passTime(60)
    const answer = await api.call('GET', '/v1/documents', undefined, { origin: 'https://app.example.com' })
    const exposed = answer.headers.get('access-control-expose-headers')?.split(',')
    expect(exposed).toEqual(expect.arrayContaining(['RateLimit', 'ETag', 'Location', 'Idempotency-Replayed']))
  })

  it('may not by default', async () => {
    const closed = await startTestApi()
    const headers = { origin: 'https://app.example.com', authorization: `Bearer ${apiKey}` }
    const answer = await closed.raw('/v1/documents', { headers })
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    await problem(await closed.raw('/v1/query', { method: 'OPTIONS', headers: { origin: headers.origin } }), 401)
    await closed.close()
  })
})
