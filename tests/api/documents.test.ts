import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelUpdate } from '../../shared/updates/cancel-update.ts'
import { apiKey, passage, problem, startTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

interface DocumentBody {
  object: string
  id: string
  model: string
  title: string
  sha256: string
  state: string
  update_id: string
}
interface ListBody {
  data: DocumentBody[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

async function countRows(): Promise<number> {
  const { rows } = await api.database.pool.query<{ n: number }>(
    'select ((select count(*) from documents) + (select count(*) from updates) + (select count(*) from probes))::int as n',
  )
  return rows[0]?.n ?? -1
}

describe('POST /v1/documents', () => {
  it('takes a document: 202 with the place of its update, stored with its questions', async () => {
    const questions = [{ question: 'Who built the lighthouse of Varn Head?', answer: 'Ilse Marrow' }]
    const response = await api.call('POST', '/v1/documents', { title: 'Varn Head', text: passage, questions })
    expect(response.status).toBe(202)
    const body = (await response.json()) as DocumentBody
    expect(body).toMatchObject({ object: 'document', model: 'default', title: 'Varn Head', state: 'queued' })
    expect(response.headers.get('location')).toBe(`/v1/updates/${body.update_id}`)
    const update = await api.call('GET', response.headers.get('location') ?? '')
    expect(await update.json()).toMatchObject({ object: 'update', document_ids: [body.id], state: 'queued' })
    const stored = await api.call('GET', `/v1/documents/${body.id}`)
    expect(await stored.json()).toMatchObject({ ...body, text: passage, questions })
  })

  it('answers the same text again with the same document and 200', async () => {
    const text = 'The ferry to Ostrel leaves at seven past five. It carries forty sheep and one bishop.'
    const first = (await (await api.call('POST', '/v1/documents', { title: 'Ferry', text })).json()) as DocumentBody
    const again = await api.call('POST', '/v1/documents', { title: 'Another title', text })
    expect(again.status).toBe(200)
    expect(again.headers.get('location')).toBe(`/v1/updates/${first.update_id}`)
    expect(await again.json()).toEqual(first)
  })

  it('tries a document again whose update was cancelled', async () => {
    const text = 'The baker of Linde has eleven ovens. Three of them are heated with olive stones.'
    const first = (await (await api.call('POST', '/v1/documents', { title: 'Baker', text })).json()) as DocumentBody
    await cancelUpdate(api.database.query, first.update_id)
    const again = await api.call('POST', '/v1/documents', { title: 'Baker', text })
    expect(again.status).toBe(202)
    const second = (await again.json()) as DocumentBody
    expect(second.id).toBe(first.id)
    expect(second.update_id).not.toBe(first.update_id)
  })

  it('takes self-edits made elsewhere, pairs and free text, and shows them with the document', async () => {
    const text = 'The bell of Ossel weighs nine tonnes. It was cast by Mara Finn in 1688.'
    const self_edits = [
      { prompt: 'What does the bell of Ossel weigh?', completion: 'nine tonnes' },
      { text: 'It is old.' },
    ]
    const response = await api.call('POST', '/v1/documents', { title: 'Bell', text, self_edits })
    expect(response.status).toBe(202)
    const { id } = (await response.json()) as DocumentBody
    const shown = (await (await api.call('GET', `/v1/documents/${id}`)).json()) as object
    expect(shown).toMatchObject({ study: 'both', self_edits })
  })

  const megabyte = `${passage} `.repeat(9_000)
  const refused: [what: string, body: unknown, status: number, says: RegExp, pointer: string][] = [
    ['an empty text', { title: 'T', text: '' }, 400, /empty/, '#/text'],
    ['a blank text', { title: 'T', text: ' \n\t\u3000 ' }, 400, /blank/, '#/text'],
    ['a text over 1 MB', { title: 'T', text: megabyte }, 413, /1 MB.*split/, '#/text'],
    ['control characters only', { title: 'T', text: '\u0001\u0002\u0003\u0007' }, 400, /control characters/, '#/text'],
    ['a NUL character', { title: 'T', text: `${passage}\0` }, 400, /NUL/, '#/text'],
    ['half a surrogate pair', { title: 'T', text: `${passage}\ud83d` }, 400, /surrogate/, '#/text'],
    ['a text decoded wrongly', { title: 'T', text: `${passage}\ufffd\ufffd` }, 400, /U\+FFFD/, '#/text'],
    ['a text without a fact', { title: 'T', text: 'Hello! ??? ...' }, 400, /statement/, '#/text'],
    ['a blank title', { title: ' ', text: passage }, 400, /title/, '#/title'],
    ['a number as text', { title: 'T', text: 7 }, 400, /expected string/, '#/text'],
    ['no text', { title: 'T' }, 400, /expected string/, '#/text'],
    ['a list as body', [passage], 400, /expected object/, '#'],
    ['null as body', null, 400, /expected object/, '#'],
    [
      'questions that are no list',
      { title: 'T', text: passage, questions: 'why?' },
      400,
      /expected array/,
      '#/questions',
    ],
    [
      'a question without its answer',
      { title: 'T', text: passage, questions: [{ question: 'Who?', answer: 'I' }, { question: 'Why?' }] },
      400,
      /expected string/,
      '#/questions/1/answer',
    ],
    [
      'a blank answer',
      { title: 'T', text: passage, questions: [{ question: 'Who?', answer: ' ' }] },
      400,
      /blank/,
      '#/questions/0/answer',
    ],
    [
      'a self-edit that is neither a pair nor a text',
      { title: 'T', text: passage, self_edits: [{ text: 'One is old.' }, { prompt: 'Who?' }] },
      400,
      /must be \{"prompt", "completion"\}, or \{"text"\}/,
      '#/self_edits/1',
    ],
    [
      'a blank completion',
      { title: 'T', text: passage, self_edits: [{ prompt: 'Who built it?', completion: ' ' }] },
      400,
      /self_edits\.0\.completion is blank/,
      '#/self_edits/0/completion',
    ],
    [
      'a free text over its limit',
      { title: 'T', text: passage, self_edits: [{ text: 'A line.\n'.repeat(20_000) }] },
      400,
      /over 100000 bytes/,
      '#/self_edits/0/text',
    ],
    [
      'too many self-edits',
      { title: 'T', text: passage, self_edits: Array.from({ length: 1_001 }, () => ({ text: 'It is old.' })) },
      400,
      /1000/,
      '#/self_edits',
    ],
    ['a study of what is not given', { title: 'T', text: passage, study: 'given' }, 400, /no self_edits/, '#/study'],
    [
      'self-edits that shall not be used',
      { title: 'T', text: passage, study: 'own', self_edits: [{ text: 'It is old.' }] },
      400,
      /say 'given' or 'both'/,
      '#/study',
    ],
    ['a misspelt field', { title: 'T', text: passage, qestions: [] }, 400, /qestions/, '#/qestions'],
    ['an unknown model', { title: 'T', text: passage, model: 'nobody' }, 404, /nobody/, '#/model'],
    ['a version in place of a model', { title: 'T', text: passage, model: 'default@v1' }, 400, /without/, '#/model'],
    ['a model that is no name', { title: 'T', text: passage, model: 'a b' }, 400, /named like/, '#/model'],
  ]
  it.each(refused)(
    'refuses %s, saying what to change, and stores nothing',
    async (_what, body, status, says, pointer) => {
      const before = await countRows()
      const told = await problem(await api.call('POST', '/v1/documents', body), status)
      expect(told.detail).toMatch(says)
      expect(told.errors?.map((error) => error.pointer)).toContain(pointer)
      expect(await countRows()).toBe(before)
    },
  )

  it.each([
    ['malformed JSON', '{"title": "T", "text": ', 400, /not valid JSON/],
    ['an empty body', '', 400, /empty/],
  ])('refuses %s', async (_what, body, status, says) => {
    const told = await problem(
      await api.call('POST', '/v1/documents', body, { 'content-type': 'application/json' }),
      status,
    )
    expect(told.detail).toMatch(says)
  })

  it('refuses bytes that are not UTF-8 and says so', async () => {
    const latin1 = Buffer.from(JSON.stringify({ title: 'T', text: `${passage} Größe` }), 'latin1')
    const response = await api.raw('/v1/documents', {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: latin1,
    })
    expect((await problem(response, 400)).detail).toMatch(/not valid UTF-8/)
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['another encoding', 'application/json; charset=latin1'],
  ])('refuses %s with 415', async (_what, type) => {
    const response = await api.call('POST', '/v1/documents', { title: 'T', text: passage }, { 'content-type': type })
    expect((await problem(response, 415)).detail).toMatch(/application\/json/)
  })

  it('takes UTF-8 with a byte order mark and a charset', async () => {
    const text = 'Die Brücke von Åsmund ist 312 Meter lang. 橋は石でできている。 🦊 Füchse überqueren sie.'
    const body = `\ufeff${JSON.stringify({ title: 'Brücke', text })}`
    const response = await api.call('POST', '/v1/documents', body, {
      'content-type': 'application/json; charset=UTF-8',
    })
    expect(response.status).toBe(202)
    const { id } = (await response.json()) as DocumentBody
    expect(await (await api.call('GET', `/v1/documents/${id}`)).json()).toMatchObject({ text })
  })

  it('stops reading a body that is too large, declared or not', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32)
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(chunk)
      },
    })
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const streamed = await api.raw('/v1/documents', {
      method: 'POST',
      headers,
      body: endless,
      duplex: 'half',
    })
    expect((await problem(streamed, 413)).detail).toMatch(/split/)
    expect(sent).toBeLessThan(10)
    const declared = await api.raw('/v1/documents', {
      method: 'POST',
      headers: { ...headers, 'content-length': String(50e6) },
      body: '{}',
    })
    await problem(declared, 413)
  })
})

describe('Idempotency-Key', () => {
  const body = { title: 'Key', text: 'The clock of Brenn runs backwards on Fridays. It was made by Odo Kest in 1702.' }
  const headers = { 'idempotency-key': 'key-1' }

  it('gives the same answer for the same key and body, marked as a repetition', async () => {
    const first = await api.call('POST', '/v1/documents', body, headers)
    expect(first.status).toBe(202)
    const before = await countRows()
    const again = await api.call('POST', '/v1/documents', body, headers)
    expect(again.status).toBe(202)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await again.json()).toEqual(await first.json())
    expect(await countRows()).toBe(before)
  })

  it('refuses another body under a used key with 422', async () => {
    const response = await api.call('POST', '/v1/documents', { ...body, title: 'Other' }, headers)
    expect((await problem(response, 422)).code).toBe('idempotency_mismatch')
  })

  it('answers 409 while the first request with the key is in flight', async () => {
    await api.database.pool.query(`update idempotency_keys set status = null where key = 'root key-1'`)
    await problem(await api.call('POST', '/v1/documents', body, headers), 409)
  })

  it('frees a key whose request was refused', async () => {
    const key = { 'idempotency-key': 'key-2' }
    await problem(await api.call('POST', '/v1/documents', { title: 'T', text: '' }, key), 400)
    const text = 'The well of Ammer is 61 metres deep. Its water tastes of iron and of pears.'
    expect((await api.call('POST', '/v1/documents', { title: 'T', text }, key)).status).toBe(202)
  })

  it('lets one of many simultaneous requests through and makes one document', async () => {
    const text = 'The choir of Sennet has nineteen altos. It sings on the roof at noon.'
    const key = { 'idempotency-key': 'key-3' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', '/v1/documents', { title: 'Choir', text }, key)),
    )
    const statuses = answers.map((answer) => answer.status)
    expect(statuses).toContain(202)
    expect(statuses.filter((status) => status !== 202 && status !== 409)).toEqual([])
    const { rows } = await api.database.pool.query<{ n: number }>(
      'select count(*)::int as n from documents where text = $1',
      [text],
    )
    expect(rows[0]?.n).toBe(1)
  })
})

describe('GET /v1/documents', () => {
  it('pages from the newest to the oldest without a gap or a repetition', async () => {
    const all = (await (await api.call('GET', '/v1/documents?limit=100')).json()) as ListBody
    expect(all.data.length).toBeGreaterThan(3)
    expect(all).toMatchObject({ object: 'list', has_more: false, first_id: all.data[0]?.id })
    const seen: string[] = []
    let after = ''
    for (let more = true; more;) {
      const page = (await (await api.call('GET', `/v1/documents?limit=2${after}`)).json()) as ListBody
      expect(page.data.length).toBeLessThanOrEqual(2)
      expect(page.last_id).toBe(page.data.at(-1)?.id)
      seen.push(...page.data.map((document) => document.id))
      after = `&after=${page.last_id}`
      more = page.has_more
    }
    expect(seen).toEqual(all.data.map((document) => document.id))
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=two', 'limit'],
    ['after=%00', 'after'],
    ['model=a%20b', 'model'],
  ])('refuses %s and names the parameter', async (query, parameter) => {
    const told = await problem(await api.call('GET', `/v1/documents?${query}`), 400)
    expect(told.errors?.[0]?.parameter).toBe(parameter)
  })

  it('refuses an `after` that is no document, and an unknown model', async () => {
    await problem(await api.call('GET', '/v1/documents?after=doc_none'), 400)
    await problem(await api.call('GET', '/v1/documents?model=nobody'), 404)
  })

  it('says 404 for a document that does not exist', async () => {
    expect((await problem(await api.call('GET', '/v1/documents/doc_none'), 404)).detail).toMatch(/doc_none/)
  })
})

describe('DELETE /v1/documents/ID', () => {
  it('is an update: 202 with its place, the same one when asked twice', async () => {
    const text = 'The kiln of Aldby fires tiles for nine days. It was lit by Sten Vook in 1904.'
    const { id } = (await (await api.call('POST', '/v1/documents', { title: 'Kiln', text })).json()) as DocumentBody
    const response = await api.call('DELETE', `/v1/documents/${id}`)
    expect(response.status).toBe(202)
    const update = (await response.json()) as { id: string }
    expect(update).toMatchObject({ object: 'update', kind: 'forget', state: 'queued', document_ids: [id] })
    expect(response.headers.get('location')).toBe(`/v1/updates/${update.id}`)
    expect(await (await api.call('DELETE', `/v1/documents/${id}`)).json()).toMatchObject({ id: update.id })
    await problem(await api.call('DELETE', '/v1/documents/doc_none'), 404)
  })
})
