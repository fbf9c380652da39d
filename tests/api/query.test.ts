import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { saveSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  const { document } = await postDocument(api.database, 'Answering tower')
  api.inference.head = await promoteClaim(api.database, await claimNext(api.database), 0, { [document.id]: 2 })
})
afterAll(() => api.close())
beforeEach(() => {
  api.inference.refusal = undefined
  api.inference.asked.length = 0
})

describe('POST /v1/query', () => {
  it('answers from the head and says which version it was', async () => {
    const response = await api.call('POST', '/v1/query', { question: 'Who built the tower?' })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      object: 'answer',
      answer: 'An answer to: Who built the tower?',
      model: 'default@v1',
      version: 1,
      documents: [{ id: 'doc_1', title: 'A title', score: 4.2, update_id: null, self_edits: [], self_edits_total: 0 }],
      logprob: -1.5,
      usage: { prompt_tokens: 12, completion_tokens: 5 },
      timings_ms: { total: 7 },
    })
    expect(api.inference.asked).toEqual([
      { question: 'Who built the tower?', model: 'default', version: null, mode: 'closed_book' },
    ])
  })

  it('names the self-edits behind an answer, but where the passage was read instead', async () => {
    const { document } = await postDocument(api.database, 'Traced tower')
    const claim = await claimNext(api.database)
    const edit = { origin: 'model', format: 'question_answer', source: 'passage', kept: true, heldOut: false } as const
    const pair = { prompt: 'Who built the traced tower?', completion: 'Orla Venn' }
    await saveSelfEdits(api.database.query, claim.lease, document.id, [{ ...edit, ...pair, reason: null }])
    const head = api.inference.head
    api.inference.head = await promoteClaim(api.database, claim, head, { [document.id]: 2 })
    const before = api.inference.documents
    api.inference.documents = [{ id: document.id, title: 'Traced tower', score: 1 }]
    const ask = async (mode: string) =>
      (await (await api.call('POST', '/v1/query', { question: pair.prompt, mode })).json()) as { documents: unknown }
    const receipt = { id: document.id, update_id: claim.update.id, self_edits: [pair], self_edits_total: 1 }
    expect((await ask('closed_book')).documents).toMatchObject([receipt])
    expect((await ask('open_book')).documents).toMatchObject([{ update_id: null, self_edits: [], self_edits_total: 0 }])
    api.inference.documents = before
    api.inference.head = head
  })

  it.each([
    ['default@v1', 1],
    ['default@v0', 0],
    ['default@champion', null],
  ])('asks %s for version %s', async (model, version) => {
    expect((await api.call('POST', '/v1/query', { question: 'Who?', model })).status).toBe(200)
    expect(api.inference.asked[0]).toMatchObject({ model: 'default', version })
  })

  it.each(['open_book', 'hybrid'])('hands the mode %s on', async (mode) => {
    expect((await api.call('POST', '/v1/query', { question: 'Who?', mode })).status).toBe(200)
    expect(api.inference.asked[0]).toMatchObject({ mode })
  })

  it.each([
    ['an unknown model', 'nobody', 404, /nobody/],
    ['an unknown version', 'default@v7', 404, /no version 7/],
    ['an unknown alias', 'default@staging', 404, /no alias staging/],
    ['a version out of range', 'default@v99999999999', 404, /v99999999999/],
    ['what is no reference', 'default@@v1', 400, /named like/],
    ['nothing', '', 400, /named like/],
  ])('refuses %s without asking inference', async (_what, model, status, says) => {
    const told = await problem(await api.call('POST', '/v1/query', { question: 'Who?', model }), status)
    expect(told.detail).toMatch(says)
    expect(api.inference.asked).toEqual([])
  })

  it.each([
    ['no question', {}, '#/question'],
    ['a blank question', { question: ' \n' }, '#/question'],
    ['a number', { question: 5 }, '#/question'],
    ['a question that is too long', { question: 'why '.repeat(2_000) }, '#/question'],
    ['a NUL character', { question: 'who\0?' }, '#/question'],
    ['an unknown mode', { question: 'Who?', mode: 'telepathy' }, '#/mode'],
  ])('refuses %s with a pointer to it', async (_what, body, pointer) => {
    const told = await problem(await api.call('POST', '/v1/query', body), 400)
    expect(told.errors?.[0]?.pointer).toBe(pointer)
  })

  it.each([
    ['unavailable', 503, 503, /still being loaded/],
    ['adapter_unavailable', 503, 503, /still being loaded/],
    ['not_found', 404, 404, /still being loaded/],
    ['internal', 500, 503, /could not answer/],
  ])('passes on what inference refuses as %s', async (code, status, expected, says) => {
    api.inference.refusal = { status, body: JSON.stringify({ code, detail: 'The base is still being loaded.' }) }
    const response = await api.call('POST', '/v1/query', { question: 'Who?' })
    expect(response.headers.get('retry-after')).toBe(expected === 503 ? '2' : null)
    expect((await problem(response, expected)).detail).toMatch(says)
  })

  it('passes on when inference, asked too much, can be asked again', async () => {
    const refusal = { code: 'unavailable', detail: '128 questions wait already.', retry_after_seconds: 9 }
    api.inference.refusal = { status: 503, body: JSON.stringify(refusal) }
    for (const [path, body] of [
      ['/v1/query', { question: 'Who?' }],
      ['/v1/chat/completions', { model: 'default', messages: [{ role: 'user', content: 'Who?' }] }],
    ] as const) {
      const response = await api.call('POST', path, body)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('9')
    }
  })

  it('never passes on an answer that it cannot read', async () => {
    for (const body of ['{"answer": "yes"}', 'yes', '']) {
      api.inference.refusal = { status: 200, body }
      await problem(await api.call('POST', '/v1/query', { question: 'Who?' }), 503)
    }
  })

  it('says 503 with Retry-After when there is no inference process', async () => {
    const own = await startTestApi()
    await own.inference.stop()
    const response = await own.call('POST', '/v1/query', { question: 'Who?' })
    expect(response.headers.get('retry-after')).toBe('2')
    expect((await problem(response, 503)).detail).toMatch(/inference process is not reachable/)
    await own.close()
  })
})
