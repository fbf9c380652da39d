import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKey, problem, startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

interface ListBody {
  data: { id: string; title: string; state: string; update_id: string }[]
}

const textOf = (name: string): string => `The ${name} of Tarsk was built by Orla Venn. It is painted green.`
const pdf = readFileSync(join(import.meta.dirname, '../data/files/lighthouse.pdf'))

async function upload(fields: Record<string, string>, files: [name: string, content: string | Buffer][], headers = {}) {
  const form = new FormData()
  for (const [name, content] of files) form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name)
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return await api.raw('/v1/documents/upload', {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
    body: form,
  })
}

async function textsOf(list: ListBody): Promise<string[]> {
  const texts: string[] = []
  for (const { id } of list.data)
    texts.push(((await (await api.call('GET', `/v1/documents/${id}`)).json()) as { text: string }).text)
  return texts
}

describe('POST /v1/documents/batch', () => {
  it('takes several documents: 202 with each one and its update, 200 when all are known', async () => {
    const documents = ['mill', 'bridge'].map((name) => ({ title: name, text: textOf(name) }))
    const response = await api.call('POST', '/v1/documents/batch', { documents })
    expect(response.status).toBe(202)
    const list = (await response.json()) as ListBody
    expect(list).toMatchObject({ object: 'list', has_more: false, data: [{ title: 'mill' }, { title: 'bridge' }] })
    for (const { id, update_id: update } of list.data)
      expect(await (await api.call('GET', `/v1/updates/${update}`)).json()).toMatchObject({ document_ids: [id] })
    const again = await api.call('POST', '/v1/documents/batch', { documents })
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(list)
  })

  it('cuts long texts where that is asked for', async () => {
    const text = Array.from({ length: 60 }, (_, n) => `House ${n} of Olm was built by Jon Reed.`).join('\n\n')
    const asked = { documents: [{ title: 'Olm', text }], chunk_words: 200 }
    const list = (await (await api.call('POST', '/v1/documents/batch', asked)).json()) as ListBody
    expect(list.data.map(({ title }) => title)).toEqual(['Olm (1 of 3)', 'Olm (2 of 3)', 'Olm (3 of 3)'])
    expect((await textsOf(list)).join('\n\n')).toBe(text)
  })

  it.each([
    [
      'one that is blank',
      {
        documents: [
          { title: 'A', text: textOf('kiln') },
          { title: 'B', text: ' ' },
        ],
      },
      '#/documents/1/text',
    ],
    ['a model of its own', { documents: [{ title: 'A', text: textOf('kiln'), model: 'x' }] }, '#/documents/0/model'],
    ['none', { documents: [] }, '#/documents'],
    ['crumbs', { documents: [{ title: 'A', text: textOf('kiln') }], chunk_words: 3 }, '#/chunk_words'],
  ])('refuses %s, and takes nothing', async (_what, body, pointer) => {
    const before = await (await api.call('GET', '/v1/documents')).text()
    const told = await problem(await api.call('POST', '/v1/documents/batch', body), 400)
    expect(told.errors?.map((error) => error.pointer)).toEqual([pointer])
    expect(await (await api.call('GET', '/v1/documents')).text()).toBe(before)
  })
})

describe('POST /v1/documents/upload', () => {
  it('takes files of several formats, each by its own title', async () => {
    const response = await upload({}, [
      ['scan.pdf', pdf],
      ['notes.md', `# The windmill\n\n${textOf('windmill')}`],
      ['harbour-rules.txt', textOf('harbour')],
    ])
    expect(response.status).toBe(202)
    const list = (await response.json()) as ListBody
    expect(list.data.map(({ title }) => title)).toEqual(['The Varnholt lighthouse', 'The windmill', 'harbour rules'])
    const [lighthouse] = await textsOf(list)
    expect(lighthouse).toMatch(/^# The lamp\n\nThe Varnholt lighthouse was built in 1887/)
  })

  it('cuts a long file, under the title that was given, and stops for reviews where that was asked', async () => {
    const text = Array.from({ length: 100 }, (_, n) => `Barn ${n} of Olm was built by Jon Reed.`).join('\n\n')
    const fields = { title: 'Barns', chunk_words: '500', review: 'true' }
    const list = (await (await upload(fields, [['x.txt', text]])).json()) as ListBody
    expect(list.data.map(({ title }) => title)).toEqual(['Barns (1 of 2)', 'Barns (2 of 2)'])
    const { rows } = await api.database.pool.query<{ review: boolean }>('select review from updates where id = $1', [
      list.data[0]?.update_id,
    ])
    expect(rows).toEqual([{ review: true }])
  })

  it('gives the same answer for the same key and files, though the form is put together anew', async () => {
    const files: [string, string][] = [['choir.txt', textOf('choir')]]
    const headers = { 'idempotency-key': 'upload-1' }
    const first = await upload({}, files, headers)
    const again = await upload({}, files, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
    await problem(await upload({}, [['choir.txt', textOf('organ')]], headers), 422)
  })

  it('refuses what is no file, no form or no text, with the reason', async () => {
    await problem(await upload({ file: 'text' }, []), 400)
    await problem(await upload({}, []), 400)
    expect((await problem(await upload({}, [['a.png', '\x89PNG']]), 415)).detail).toMatch(/a\.png .*is no PDF/)
    expect((await problem(await upload({}, [['a.pdf', '%PDF-1.4']]), 422)).detail).toMatch(/cannot be opened/)
    await problem(
      await upload({ title: 'T' }, [
        ['a.txt', textOf('a')],
        ['b.txt', textOf('b')],
      ]),
      400,
    )
    expect((await problem(await api.call('POST', '/v1/documents/upload', {}), 415)).detail).toMatch(/multipart/)
    const large = await upload({}, [['a.txt', Buffer.alloc(17 * 1024 * 1024, 'a ')]])
    expect((await problem(large, 413)).detail).toMatch(/16 MB/)
  })
})

describe('POST /v1/documents with a text as its body', () => {
  const send = (text: string, type: string, query = '') =>
    api.call('POST', `/v1/documents${query}`, text, { 'content-type': type })

  it.each([
    ['Markdown, titled by its heading', 'text/markdown', `# The kiln\n\n${textOf('kiln')}`, '', 'The kiln'],
    ['plain text, titled by its beginning', 'text/plain; charset=utf-8', textOf('well'), '', textOf('well')],
    ['plain text, titled in the query', 'text/plain', textOf('quay'), '?title=Quay&model=default', 'Quay'],
  ])('takes %s', async (_what, type, text, query, title) => {
    const response = await send(text, type, query)
    expect(response.status).toBe(202)
    const document = (await response.json()) as { id: string }
    expect(document).toMatchObject({ title, model: 'default' })
    expect(await (await api.call('GET', `/v1/documents/${document.id}`)).json()).toMatchObject({ text })
    expect((await send(text, type, query)).status).toBe(200)
  })

  it('refuses what JSON would be refused for, and bytes that are not UTF-8', async () => {
    expect((await problem(await send(' ', 'text/plain'), 400)).errors?.[0]?.pointer).toBe('#/text')
    await problem(await send(textOf('loft'), 'text/plain', '?model=nobody'), 404)
    await problem(await send(textOf('loft'), 'text/plain', '?review=maybe'), 400)
    await problem(await send(textOf('loft'), 'text/plain; charset=latin1'), 415)
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'text/plain' }
    const latin1 = await api.raw('/v1/documents', { method: 'POST', headers, body: Buffer.from('Größe', 'latin1') })
    expect((await problem(latin1, 400)).detail).toMatch(/UTF-8/)
  })

  it('honours an Idempotency-Key', async () => {
    const headers = { 'content-type': 'text/plain', 'idempotency-key': 'text-1' }
    const first = await api.call('POST', '/v1/documents', textOf('attic'), headers)
    const again = await api.call('POST', '/v1/documents', textOf('attic'), headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
  })
})
