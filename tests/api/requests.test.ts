// What holds for every call of /openapi.json, whatever it is about.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { listRouteCalls, readDescription, type RouteCall } from '../support/routes.ts'
import { createTenant } from '../support/tenants.ts'

let api: TestApi
let reads: RouteCall[]
beforeAll(async () => {
  api = await startTestApi()
  const tenant = await createTenant(api, 'notes')
  reads = listRouteCalls(await readDescription(api), tenant).filter(({ method, open }) => method === 'GET' && !open)
})
afterAll(() => api.close())

/** In OpenAI's body the field is `error.param`. */
async function fieldOf(response: Response): Promise<unknown> {
  expect(response.status).toBe(400)
  const body = (await response.json()) as {
    errors?: { pointer?: string; parameter?: string }[]
    error?: { param: string }
  }
  return body.error?.param ?? body.errors?.[0]?.parameter ?? body.errors?.[0]?.pointer?.replace('#/', '')
}

const extend = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`

describe('every list', () => {
  it('refuses to go on behind what is not in it', async () => {
    const lists = reads.filter(({ operation }) => operation.parameters?.some(({ name }) => name === 'after'))
    expect(lists.length).toBeGreaterThan(14)
    for (const { path } of lists)
      for (const after of ['nothing', 'doc_01kb2g7qv5n8r4t6w9y1z3x5c7', 'notes@v7', 'ftevent_987654321'])
        expect(await fieldOf(await api.call('GET', extend(path, `after=${after}`))), path).toBe('after')
  })
})

describe('a query', () => {
  it('with a name that the call does not know is refused, and the name said', async () => {
    for (const { path } of reads)
      expect(await fieldOf(await api.call('GET', extend(path, 'modle=notes'))), path).toBe('modle')
    const text = await api.raw('/v1/documents?modle=notes', {
      method: 'POST',
      headers: { authorization: 'Bearer a-key-for-tests-only', 'content-type': 'text/plain' },
      body: 'The tower of Tarsk was built by Orla Venn.',
    })
    expect((await problem(text, 400)).detail).toBe('modle: is not known here')
  })

  it('of a call without a key may hold what a proxy adds', async () => {
    expect((await api.raw('/health?from=balancer')).status).toBe(200)
  })
})

describe('a NUL character', () => {
  it.each([
    ['fine_tuning/jobs', { model: 'notes', training_file: 'fil\0' }, 'training_file'],
    ['fine_tuning/jobs', { model: 'notes', training_file: 'fil', metadata: { 'a\0': 'b' } }, 'metadata.a'],
    ['uploads', { filename: 'a\0.pdf', bytes: 9, media_type: 'application/pdf' }, 'filename'],
    ['query', { question: 'Who\0?' }, 'question'],
    ['documents/batch', { documents: [{ title: 'T', text: 'a\0b' }] }, 'documents.0.text'],
  ])('in a field of POST /v1/%s is refused by the name of the field', async (path, body, field) => {
    expect(await fieldOf(await api.call('POST', `/v1/${path}`, body))).toBe(field.replaceAll('.', '/'))
  })
})
