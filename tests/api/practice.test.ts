import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from '../../shared/page.ts'
import type { Practice } from '../../shared/practice/practice.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument } from '../support/loop.ts'

let api: TestApi
let documents: string[]
beforeAll(async () => {
  api = await startTestApi()
  const posted = []
  for (const name of ['First tower', 'Second tower', 'Third tower']) posted.push(await postDocument(api.database, name))
  documents = posted.map(({ document }) => document.id)
  for (const _ of posted)
    await finishUpdate(api.database.query, (await claimNext(api.database)).lease, { state: 'rejected' })
})
afterAll(() => api.close())

const path = '/v1/models/default/practice'

async function made(response: Response): Promise<Practice> {
  expect(response.status).toBe(202)
  return (await response.json()) as Practice
}

async function cancelled(id: string): Promise<void> {
  const response = await api.call('POST', `/v1/practice/${id}/cancel`)
  expect(await response.json()).toMatchObject({ id, state: 'cancelled' })
}

describe('POST /v1/models/NAME/practice', () => {
  it('queues a practice on every second document with questions and holds the others out', async () => {
    const response = await api.call('POST', path)
    const practice = await made(response)
    expect(response.headers.get('location')).toBe(`/v1/practice/${practice.id}`)
    expect(practice).toMatchObject({
      ...{ object: 'practice', model: 'default', state: 'queued', rounds: [], cancel_requested: false },
      document_ids: [documents[0], documents[2]],
      held_out_document_ids: [documents[1]],
      settings: { rounds: 2, candidates: 5, reward: 'likelihood', strategies: false, temperature: 0.9, top_p: 0.95 },
    })
    const seen = await api.call('GET', `/v1/practice/${practice.id}`)
    expect(await seen.json()).toEqual(practice)
    expect((await problem(await api.call('POST', path), 409)).detail).toContain('practises already')
    await cancelled(practice.id)
  })

  it('takes the documents that are named, the rest being the other side', async () => {
    const practice = await made(await api.call('POST', path, { held_out_documents: [documents[0]], rounds: 1 }))
    expect(practice.document_ids).toEqual([documents[1], documents[2]])
    await cancelled(practice.id)
  })

  it('does once what is sent twice under one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'practise once' }
    const first = await made(await api.call('POST', path, { rounds: 1 }, headers))
    const again = await api.call('POST', path, { rounds: 1 }, headers)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await made(again)).id).toBe(first.id)
    await problem(await api.call('POST', path, { rounds: 2 }, headers), 422)
    await cancelled(first.id)
  })

  it.each([
    ['a document on both sides', () => ({ documents: [documents[0]], held_out_documents: [documents[0]] }), 400],
    ['a document that is not there', () => ({ documents: ['doc_none'] }), 400],
    ['a candidate without a rival', () => ({ candidates: 1 }), 400],
    ['what it does not know', () => ({ epochs: 3 }), 400],
    ['nothing left to hold out', () => ({ documents }), 409],
  ])('refuses %s', async (_, body, status) => {
    await problem(await api.call('POST', path, body()), status)
  })

  it('is 404 for a model that is not there', async () => {
    expect((await api.call('POST', '/v1/models/nobody/practice')).status).toBe(404)
    await problem(await api.call('GET', '/v1/practice/prc_none'), 404)
  })
})

describe('practices', () => {
  it('are listed, the newest first, and leave the state of their documents as it is', async () => {
    const response = await api.call('GET', '/v1/practice?model=default&limit=2')
    const page = (await response.json()) as Page<Practice>
    expect(page.data.map(({ settings }) => settings.rounds)).toEqual([1, 1])
    expect(page.has_more).toBe(true)
    const document = await api.call('GET', `/v1/documents/${documents[0]}`)
    expect(await document.json()).toMatchObject({ state: 'rejected' })
  })

  it('stream the events of their updates', async () => {
    const { data } = (await (await api.call('GET', '/v1/practice')).json()) as Page<Practice>
    const response = await api.call('GET', `/v1/practice/${data[0]?.id}/events`)
    const text = await response.text()
    expect(text).toContain('event: state\ndata: {"state":"queued"}')
    expect(text).toContain('"state":"cancelled"')
  })
})

describe('/v1/models/NAME/policies', () => {
  it('shows what came with the base before the first practice, and goes back to it', async () => {
    const first = { object: 'policy', model: 'default', policy: 0, active: true, practice_id: null }
    const list = await api.call('GET', '/v1/models/default/policies')
    expect(await list.json()).toMatchObject({ object: 'list', data: [first] })
    const back = await api.call('POST', '/v1/models/default/policies/rollback', { policy: 0 })
    expect([back.status, await back.json()]).toMatchObject([200, first])
  })

  it.each([
    ['a policy that there is not', 'default', { policy: 1 }, 404],
    ['a model that there is not', 'nobody', { policy: 0 }, 404],
    ['what is no number', 'default', { policy: 'latest' }, 400],
  ])('refuses %s', async (_, model, body, status) => {
    await problem(await api.call('POST', `/v1/models/${model}/policies/rollback`, body), status)
  })
})
