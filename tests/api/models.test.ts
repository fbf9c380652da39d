import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKey, problem, startTestApi, type TestApi } from '../support/api.ts'
import { renewLease } from '../../shared/updates/lease.ts'
import { claimNext, postDocument, promoteClaim, snapshot } from '../support/loop.ts'

let api: TestApi
let documentIds: string[]
beforeAll(async () => {
  api = await startTestApi()
  const first = await postDocument(api.database, 'First tower')
  await promoteClaim(api.database, await claimNext(api.database), 0, { [first.document.id]: 2 })
  const second = await postDocument(api.database, 'Second tower')
  const correct = { [first.document.id]: 1, [second.document.id]: 2 }
  await promoteClaim(api.database, await claimNext(api.database), 1, correct, {
    retained: { before: 2, after: 1, total: 2 },
  })
  documentIds = [first.document.id, second.document.id]
})
afterAll(() => api.close())

async function openAiError(response: Response, status: number) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const { error } = (await response.json()) as { error: Record<string, unknown> }
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type'])
  return error
}

describe('/v1/models', () => {
  it('lists models as OpenAI does, and more', async () => {
    const response = await api.call('GET', '/v1/models')
    expect(await response.json()).toMatchObject({
      object: 'list',
      data: [
        {
          id: 'default',
          object: 'model',
          created: expect.any(Number) as number,
          owned_by: 'palimpsest',
          base: 'tiny.gguf',
          head_version: 2,
          settings: { strategy: 'routed' },
        },
      ],
      has_more: false,
      first_id: 'default',
      last_id: 'default',
    })
    expect(await (await api.call('GET', '/v1/models/default')).json()).toMatchObject({ id: 'default', object: 'model' })
  })

  it('says errors in the body of OpenAI: no key, unknown model, wrong parameter, wrong method', async () => {
    const anonymous = await api.raw('/v1/models')
    expect(anonymous.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(await openAiError(anonymous, 401)).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' })
    expect(await openAiError(await api.call('GET', '/v1/models/nobody'), 404)).toMatchObject({
      code: 'model_not_found',
    })
    expect(await openAiError(await api.call('GET', '/v1/models?limit=0'), 400)).toMatchObject({ param: 'limit' })
    expect(await openAiError(await api.call('PUT', '/v1/models/default', {}), 405)).toMatchObject({
      code: 'method_not_allowed',
    })
  })
})

describe('POST and PATCH /v1/models', () => {
  it('makes a model with its settings, the others at their defaults', async () => {
    const body = {
      name: 'notes',
      strategy: 'replay',
      gate: { preset: 'stable', kl_bits_max: null },
      study: { shares: { question_answer: 3, rewrite: 1 } },
      router: { margin: 1.1 },
      auto_rollback: true,
      reevaluate_hours: 24,
    }
    const made = await api.call('POST', '/v1/models', body)
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe('/v1/models/notes')
    const model: unknown = await made.json()
    expect(model).toMatchObject({
      id: 'notes',
      base: 'tiny.gguf',
      head_version: 0,
      settings: {
        strategy: 'replay',
        gate: {
          regression_alpha: 0.05,
          reject_on_regression: true,
          accuracy_drop_max: 0.07,
          bits_per_token_max: 0.08,
          kl_bits_max: null,
        },
        replay: { tokens_max: 60_000, generic_share: 0 },
        study: { shares: { question_answer: 3, rewrite: 1 }, trained_tokens_max: null },
        router: { margin: 1.1, score_min: null, evidence_min: null },
        auto_rollback: true,
        reevaluate_hours: 24,
      },
    })
    expect(await (await api.call('GET', '/v1/models/notes')).json()).toEqual(model)
    expect(await openAiError(await api.call('POST', '/v1/models', { name: 'notes' }), 409)).toMatchObject({
      code: 'conflict',
      param: 'name',
    })
    const { document } = await postDocument(api.database, 'Noted tower', 'notes')
    expect(document.model).toBe('notes')
  })

  it('changes only what is named', async () => {
    const before = (await (await api.call('POST', '/v1/models', { name: 'changed' })).json()) as { settings: object }
    const change = { gate: { regression_alpha: 0.01 }, replay: { tokens_max: 20_000 }, strategy: 'sequential' }
    const changed = await api.call('PATCH', '/v1/models/changed', change)
    expect(changed.status).toBe(200)
    expect(await changed.json()).toEqual({
      ...before,
      settings: {
        ...before.settings,
        strategy: 'sequential',
        gate: {
          regression_alpha: 0.01,
          reject_on_regression: true,
          accuracy_drop_max: null,
          bits_per_token_max: null,
          kl_bits_max: null,
        },
        replay: { tokens_max: 20_000, generic_share: 0 },
      },
    })
  })

  it.each([
    ['POST', '/v1/models', { name: 'a model' }, 'name'],
    ['POST', '/v1/models', { name: 'other', study: { shares: { cloze: 0 } } }, 'study/shares'],
    ['POST', '/v1/models', { name: 'other', study: { shares: { poem: 1 } } }, 'study/shares/poem'],
    ['POST', '/v1/models', { name: 'other', base: 'gpt-5' }, 'base'],
    ['POST', '/v1/models', { name: 'other', strategy: 'guess' }, 'strategy'],
    ['POST', '/v1/models', {}, 'name'],
    ['PATCH', '/v1/models/default', { gate: { regression_alpha: 2 } }, 'gate/regression_alpha'],
    ['PATCH', '/v1/models/default', { replay: { generic_share: 0.9 } }, 'replay/generic_share'],
    ['PATCH', '/v1/models/default', { router: { margin: 0.9 } }, 'router/margin'],
    ['PATCH', '/v1/models/default', { reevaluate_hours: 0 }, 'reevaluate_hours'],
    ['PATCH', '/v1/models/default', { gates: {} }, 'gates'],
  ])('%s %s refuses %j at %s', async (method, path, body, param) => {
    const before: unknown = await (await api.call('GET', '/v1/models')).json()
    expect(await openAiError(await api.call(method, path, body), 400)).toMatchObject({ param })
    expect(await (await api.call('GET', '/v1/models')).json()).toEqual(before)
  })

  it('does not take a strategy that cannot go on from the head, nor another while an update is under way', async () => {
    const refused = await openAiError(await api.call('PATCH', '/v1/models/default', { strategy: 'sequential' }), 409)
    expect(refused).toMatchObject({ param: 'strategy', code: 'conflict' })
    expect(refused['message']).toMatch(/routed version.*consolidate/)
    await api.call('POST', '/v1/models', { name: 'busy' })
    const { update } = await postDocument(api.database, 'Busy tower', 'busy')
    const busy = await openAiError(await api.call('PATCH', '/v1/models/busy', { strategy: 'replay' }), 409)
    expect(busy['message']).toContain(update.id)
    await api.call('POST', `/v1/updates/${update.id}/cancel`)
    expect((await api.call('PATCH', '/v1/models/busy', { strategy: 'replay' })).status).toBe(200)
    expect((await api.call('PATCH', '/v1/models/default', { strategy: 'replay' })).status).toBe(200)
    expect((await api.call('PATCH', '/v1/models/default', { strategy: 'routed' })).status).toBe(200)
    expect(await openAiError(await api.call('PATCH', '/v1/models/nobody', {}), 404)).toMatchObject({
      code: 'model_not_found',
    })
  })
})

describe('POST /v1/models/NAME/consolidate', () => {
  it('queues an update of its own kind, once, where there are adapters to make one', async () => {
    const queued = await api.call('POST', '/v1/models/default/consolidate')
    expect(queued.status).toBe(202)
    const update = (await queued.json()) as { id: string }
    expect(queued.headers.get('location')).toBe(`/v1/updates/${update.id}`)
    expect(update).toMatchObject({ object: 'update', kind: 'consolidate', document_ids: [], state: 'queued' })
    const again = await problem(await api.call('POST', '/v1/models/default/consolidate'), 409)
    expect(again.detail).toContain(update.id)
    await api.call('POST', `/v1/updates/${update.id}/cancel`)
    await api.call('POST', '/v1/models', { name: 'empty' })
    const empty = await problem(await api.call('POST', '/v1/models/empty/consolidate'), 409)
    expect(empty.detail).toContain('Send a document first')
    await problem(await api.call('POST', '/v1/models/nobody/consolidate'), 404)
  })
})

describe('POST /v1/models/NAME/evaluations', () => {
  it('queues an update that measures the head, once, where there is something to ask', async () => {
    const queued = await api.call('POST', '/v1/models/default/evaluations')
    expect(queued.status).toBe(202)
    const update = (await queued.json()) as { id: string }
    expect(queued.headers.get('location')).toBe(`/v1/updates/${update.id}`)
    expect(update).toMatchObject({ object: 'update', kind: 'evaluate', document_ids: [], state: 'queued' })
    const again = await problem(await api.call('POST', '/v1/models/default/evaluations'), 409)
    expect(again.detail).toContain(update.id)
    await api.call('POST', `/v1/updates/${update.id}/cancel`)
    await api.call('POST', '/v1/models', { name: 'untaught' })
    const empty = await problem(await api.call('POST', '/v1/models/untaught/evaluations'), 409)
    expect(empty.detail).toContain('Send a document first')
    await problem(await api.call('POST', '/v1/models/nobody/evaluations'), 404)
  })
})

describe('DELETE /v1/models/NAME', () => {
  /** Its own: the next update to claim is that of the model to be deleted. */
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi()
  })
  afterAll(() => api.close())

  it('leaves nothing of the model behind, and its name free', async () => {
    const before = await snapshot(api.database)
    await api.call('POST', '/v1/models', { name: 'fleeting' })
    const { document } = await postDocument(api.database, 'Fleeting tower', 'fleeting')
    const claim = await claimNext(api.database)
    await promoteClaim(api.database, claim, 0, { [document.id]: 2 })
    await api.call('PUT', '/v1/models/fleeting/aliases/live', { version: 1 })
    await postDocument(api.database, 'Waiting tower', 'fleeting')
    const gone = await api.call('DELETE', '/v1/models/fleeting')
    expect(gone.status).toBe(200)
    expect(await gone.json()).toEqual({ id: 'fleeting', object: 'model', deleted: true })
    const after = await snapshot(api.database)
    // What was told of it stays told.
    expect({ ...after, outbox_events: [], audit_entries: [] }).toEqual({
      ...before,
      outbox_events: [],
      audit_entries: [],
    })
    await openAiError(await api.call('GET', '/v1/models/fleeting'), 404)
    await openAiError(await api.call('DELETE', '/v1/models/fleeting'), 404)
    expect((await api.call('POST', '/v1/models', { name: 'fleeting' })).status).toBe(201)
  })

  it('stops the worker that was at it: its lease is gone', async () => {
    await api.call('POST', '/v1/models', { name: 'running' })
    const { document } = await postDocument(api.database, 'Running tower', 'running')
    const claim = await claimNext(api.database)
    expect((await api.call('DELETE', '/v1/models/running')).status).toBe(200)
    await expect(renewLease(api.database.query, claim.lease, 60)).rejects.toMatchObject({ code: 'lease_lost' })
    const promoting = promoteClaim(api.database, claim, 0, { [document.id]: 2 })
    await expect(promoting).rejects.toMatchObject({ code: 'lease_lost' })
  })

  it('refuses the model that every call without a name asks', async () => {
    expect(await openAiError(await api.call('DELETE', '/v1/models/default'), 409)).toMatchObject({ code: 'conflict' })
    expect((await api.call('GET', '/v1/models/default')).status).toBe(200)
  })
})

describe('versions', () => {
  it('lists them from the newest to the base, page by page', async () => {
    const page = (await (await api.call('GET', '/v1/models/default/versions?limit=2')).json()) as { last_id: string }
    expect(page).toMatchObject({ data: [{ id: 'default@v2' }, { id: 'default@v1' }], has_more: true })
    const rest = await api.call('GET', `/v1/models/default/versions?after=${page.last_id}`)
    expect(await rest.json()).toMatchObject({
      data: [{ id: 'default@v0', parent: null, manifest: null }],
      has_more: false,
    })
  })

  it('shows one with manifest, parent, verdict and promotions', async () => {
    expect(await (await api.call('GET', '/v1/models/default/versions/2')).json()).toMatchObject({
      object: 'version',
      version: 2,
      parent: 1,
      manifest: { adapters: [{ document: documentIds[0], scale: 1 }, { document: documentIds[1] }] },
      verdict: { action: 'promote', p_value: null },
      promotions: [{ reason: 'promoted' }],
    })
  })

  it('refuses what is not there or no number', async () => {
    await problem(await api.call('GET', '/v1/models/default/versions/9'), 404)
    await problem(await api.call('GET', '/v1/models/nobody/versions'), 404)
    await problem(await api.call('GET', '/v1/models/default/versions/latest'), 400)
    await problem(await api.call('GET', '/v1/models/default/versions?after=other@v1'), 400)
    await problem(await api.call('GET', '/v1/models/default/versions/999999999'), 404)
    // Ours, although it lies below a path of OpenAI's.
    await problem(await api.raw('/v1/models/default/versions'), 401)
  })
})

describe('GET /v1/models/NAME/retention', () => {
  it('gives versions by documents, the base in row 0, null before a document came', async () => {
    const retention = await api.call('GET', '/v1/models/default/retention')
    expect(await retention.json()).toMatchObject({
      object: 'retention',
      versions: [0, 1, 2],
      documents: documentIds.map((id) => ({ id })),
      matrix: [
        [
          { correct: 0, total: 2 },
          { correct: 0, total: 2 },
        ],
        [{ correct: 2, total: 2 }, null],
        [
          { correct: 1, total: 2 },
          { correct: 2, total: 2 },
        ],
      ],
    })
    await problem(await api.call('GET', '/v1/models/nobody/retention'), 404)
  })
})

describe('POST /v1/models/NAME/rollback', () => {
  it('makes the old version the head, and questions follow', async () => {
    const back = await api.call('POST', '/v1/models/default/rollback', { version: 1 })
    expect(back.status).toBe(200)
    expect(await back.json()).toMatchObject({
      id: 'default@v1',
      promotions: [{ reason: 'promoted' }, { reason: 'rolled_back' }],
    })
    expect(await (await api.call('GET', '/v1/models/default')).json()).toMatchObject({ head_version: 1 })
    await api.call('POST', '/v1/query', { question: 'Who?' })
    expect(api.inference.asked.at(-1)).toMatchObject({ model: 'default', version: null })
  })

  it.each([
    [{ version: 9 }, 404],
    [{ version: -1 }, 400],
    [{ version: 1.5 }, 400],
    [{ version: '1' }, 400],
    [{ version: 1e12 }, 400],
    [{}, 400],
  ])('refuses %j with %i and changes nothing', async (body, status) => {
    const before: unknown = await (await api.call('GET', '/v1/models/default')).json()
    await problem(await api.call('POST', '/v1/models/default/rollback', body), status)
    expect(await (await api.call('GET', '/v1/models/default')).json()).toEqual(before)
  })

  it('refuses a body that is no JSON by its media type', async () => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'text/plain' }
    const response = await api.raw('/v1/models/default/rollback', { method: 'POST', headers, body: 'version=1' })
    await problem(response, 415)
  })
})
