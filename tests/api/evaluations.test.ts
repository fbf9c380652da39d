import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Evaluation } from '../../shared/evaluations/list-evaluations.ts'
import type { Page } from '../../shared/page.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, evaluate, postDocument, promoteClaim, verdict } from '../support/loop.ts'

let api: TestApi
let documentIds: [string, string]
let updateIds: [string, string, string]
beforeAll(async () => {
  api = await startTestApi()
  const { database } = api
  const first = await postDocument(database, 'First tower')
  await promoteClaim(database, await claimNext(database), 0, { [first.document.id]: 2 })
  const second = await postDocument(database, 'Second tower')
  await promoteClaim(database, await claimNext(database), 1, { [first.document.id]: 1, [second.document.id]: 2 })
  const third = await postDocument(database, 'Third tower')
  const claim = await claimNext(database)
  const evaluations = await evaluate(database, { [first.document.id]: 0, [third.document.id]: 1 })
  await finishUpdate(database.query, claim.lease, {
    state: 'rejected',
    verdict: { ...verdict, action: 'reject' },
    evaluations,
  })
  documentIds = [first.document.id, second.document.id]
  updateIds = [first.update.id, second.update.id, third.update.id]
})
afterAll(() => api.close())

async function list(path: string): Promise<Page<Evaluation>> {
  const response = await api.call('GET', path)
  expect(response.status).toBe(200)
  return (await response.json()) as Page<Evaluation>
}

describe('GET /v1/models/NAME/versions/N/evaluations', () => {
  it('gives the answers behind each cell of the retention matrix, with question and gold', async () => {
    const { data } = await list('/v1/models/default/versions/2/evaluations')
    expect(data.map(({ document_id }) => document_id)).toEqual([...documentIds].sort())
    const first = data.find(({ document_id }) => document_id === documentIds[0])
    expect(first).toMatchObject({ object: 'evaluation', model: 'default', version: 2, correct: 1, total: 2 })
    expect(first?.answers).toMatchObject([
      { question: 'Who built the First tower?', gold: 'Orla Venn', answer: 'Orla Venn', correct: true, logprob: -0.5 },
      { question: 'Where was the First tower built?', gold: 'Tarsk', answer: 'nobody knows', correct: false },
    ])
  })

  it('narrows to a document and goes on behind the last one of a page', async () => {
    const path = '/v1/models/default/versions/v2/evaluations'
    const one = await list(`${path}?document=${documentIds[1]}`)
    expect(one.data.map(({ document_id }) => document_id)).toEqual([documentIds[1]])
    const first = await list(`${path}?limit=1`)
    expect(first.has_more).toBe(true)
    const rest = await list(`${path}?limit=1&after=${first.last_id}`)
    expect([...first.data, ...rest.data].map(({ document_id }) => document_id)).toEqual([...documentIds].sort())
    await problem(await api.call('GET', `${path}?after=evl_0`), 400)
  })

  it('is 404 for a model or a version that is not there', async () => {
    await problem(await api.call('GET', '/v1/models/nobody/versions/1/evaluations'), 404)
    await problem(await api.call('GET', '/v1/models/default/versions/9/evaluations'), 404)
  })
})

describe('GET /v1/updates/ID/evaluations', () => {
  it('tells the base before from the candidate after', async () => {
    const { data } = await list(`/v1/updates/${updateIds[1]}/evaluations`)
    const ofSecond = data.filter(({ document_id }) => document_id === documentIds[1])
    expect(ofSecond.map(({ version, correct }) => ({ version, correct }))).toEqual(
      expect.arrayContaining([
        { version: 0, correct: 0 },
        { version: 2, correct: 2 },
      ]),
    )
    expect(ofSecond).toHaveLength(2)
  })

  it('shows what a rejected candidate answered, under no version', async () => {
    const { data } = await list(`/v1/updates/${updateIds[2]}/evaluations`)
    expect(data.map(({ version }) => version)).toEqual([null, null])
    expect(data.map(({ answers }) => answers.length)).toEqual([2, 2])
    await problem(await api.call('GET', '/v1/updates/upd_0/evaluations'), 404)
  })
})
