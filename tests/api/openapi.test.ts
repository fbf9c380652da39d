import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKey, problem, startTestApi, type TestApi } from '../support/api.ts'

interface Operation {
  security?: unknown[]
  responses: Record<string, unknown>
}
interface Description {
  openapi: string
  security: unknown[]
  paths: Record<string, Record<string, Operation>>
}

let api: TestApi
let description: Description
beforeAll(async () => {
  api = await startTestApi()
  description = (await (await api.raw('/openapi.json')).json()) as Description
})
afterAll(() => api.close())

/** Every call of the description, with something in place of its parameters. */
function listCalls() {
  return Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'x'),
      open: operation.security?.length === 0,
      operation,
    })),
  )
}

describe('GET /openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const result = await validator.validate({ ...structuredClone(description) })
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  it('holds the calls that clients rely on', () => {
    const calls = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(calls).toEqual(
      expect.arrayContaining([
        'GET /health',
        'POST /v1/documents',
        'GET /v1/documents',
        'GET /v1/documents/{id}',
        'GET /v1/updates',
        'GET /v1/updates/{id}',
        'GET /v1/updates/{id}/events',
        'GET /v1/updates/{id}/self-edits',
        'POST /v1/updates/{id}/cancel',
        'POST /v1/query',
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/files',
        'GET /v1/files',
        'GET /v1/files/{id}',
        'GET /v1/files/{id}/content',
        'DELETE /v1/files/{id}',
        'POST /v1/fine_tuning/jobs',
        'GET /v1/fine_tuning/jobs',
        'GET /v1/fine_tuning/jobs/{id}',
        'POST /v1/fine_tuning/jobs/{id}/cancel',
        'GET /v1/fine_tuning/jobs/{id}/events',
        'GET /v1/fine_tuning/jobs/{id}/checkpoints',
        'GET /v1/models',
        'GET /v1/models/{name}',
        'DELETE /v1/models/{name}',
        'GET /v1/models/{name}/aliases',
        'GET /v1/models/{name}/aliases/{alias}',
        'PUT /v1/models/{name}/aliases/{alias}',
        'DELETE /v1/models/{name}/aliases/{alias}',
        'GET /v1/models/{name}/versions',
        'GET /v1/models/{name}/versions/{version}',
        'GET /v1/models/{name}/retention',
        'POST /v1/models/{name}/rollback',
        'GET /v1/alerts',
        'GET /v1/alerts/{id}',
        'POST /v1/webhooks',
        'GET /v1/webhooks',
        'DELETE /v1/webhooks/{id}',
        'GET /v1/webhooks/{id}/deliveries',
      ]),
    )
  })

  it('says for every call with a key what happens without one', () => {
    for (const { method, path, open, operation } of listCalls()) {
      expect(Object.keys(operation.responses).includes('401'), `${method} ${path}`).toBe(!open)
    }
  })
})

describe('the key', () => {
  it('is asked for on every call but /health', async () => {
    const calls = listCalls()
    expect(calls.length).toBeGreaterThan(20)
    expect(calls.filter(({ open }) => open).map(({ path }) => path)).toEqual(['/health'])
    for (const { method, path, open } of calls) {
      for (const authorization of [
        undefined,
        'Bearer wrong',
        `Basic ${apiKey}`,
        apiKey,
        `Bearer ${apiKey}x`,
        'Bearer ',
      ]) {
        const response = await api.raw(path, { method, headers: authorization === undefined ? {} : { authorization } })
        expect(response.status === 401, `${method} ${path} with ${authorization}`).toBe(!open)
        expect(response.headers.has('www-authenticate')).toBe(!open)
      }
    }
  })

  it('is checked before a body is read', async () => {
    const response = await api.raw('/v1/documents', { method: 'POST', body: 'x'.repeat(5_000_000) })
    await problem(response, 401)
  })

  it('hides which calls there are', async () => {
    await problem(await api.raw('/v1/nothing'), 401)
  })
})

describe('what is not there', () => {
  it('is 404 as a problem, and 405 with the methods where the path exists', async () => {
    await problem(await api.raw('/nothing'), 404)
    await problem(await api.call('GET', '/v1/nothing'), 404)
    await problem(await api.call('GET', '/v1/documents/'), 404)
    for (const [method, path, allow] of [
      ['PUT', '/v1/documents', 'GET, POST'],
      ['GET', '/v1/query', 'POST'],
      ['POST', '/v1/models/default/versions/1', 'GET, PUT'],
      ['DELETE', '/health', 'GET'],
      ['POST', '/openapi.json', 'GET'],
    ] as const) {
      const response = await api.call(method, path)
      expect(response.headers.get('allow'), `${method} ${path}`).toBe(allow)
      await problem(response, 405)
    }
  })
})
