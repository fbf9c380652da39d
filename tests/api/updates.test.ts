import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDocument } from '../../shared/documents/create-document.ts'
import { saveSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import type { SelfEdit } from '../../shared/self-edits/self-edit.ts'
import { awaitReview } from '../../shared/updates/await-review.ts'
import { cancelUpdate } from '../../shared/updates/cancel-update.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { listUpdates } from '../../shared/updates/get-update.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, verdict } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

interface StreamedEvent {
  id: string
  event: string
  data: Record<string, unknown>
}

function parseEvents(text: string): StreamedEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
    const id = field('id')
    if (id === undefined) return []
    return [{ id, event: field('event') ?? '', data: JSON.parse(field('data') ?? '') as Record<string, unknown> }]
  })
}

const selfEdit: SelfEdit = {
  origin: 'model',
  format: 'question_answer',
  prompt: 'Who built the mill?',
  completion: 'Orla Venn',
  source: 'passage',
  kept: true,
  heldOut: false,
  reason: null,
}

/** What a test left in the queue would be claimed by the next. */
async function cancelQueued(): Promise<void> {
  const { data } = await listUpdates(api.database.query, { state: 'queued', limit: 100 })
  for (const { id } of data) await cancelUpdate(api.database.query, id)
}

describe('GET /v1/updates/ID/events', () => {
  it('streams what happens from the start, and ends after the final state', async () => {
    const { update } = await postDocument(api.database, 'Stream tower')
    const claim = await claimNext(api.database)
    const steps = [
      () => recordProgress(api.database.query, claim.lease, { state: 'training', phase: 'training', fraction: 0.5 }),
      () =>
        finishUpdate(api.database.query, claim.lease, {
          state: 'failed',
          error: { code: 'internal', message: 'the mill stood still' },
        }),
    ]
    api.clock.onSleep = async () => void (await steps.shift()?.())
    const response = await api.call('GET', `/v1/updates/${update.id}/events`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = parseEvents(await response.text())
    const states = events.filter(({ event }) => event === 'state').map(({ data }) => data['state'])
    expect(states).toEqual(['queued', 'studying', 'training', 'failed'])
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'progress', data: { state: 'training', phase: 'training', fraction: 0.5 } }),
    )
    expect(events.at(-1)?.data).toMatchObject({ error: { message: 'the mill stood still' } })
  })

  it('goes on behind Last-Event-ID, with nothing lost or repeated, and ends a finished stream with 204', async () => {
    const { update } = await postDocument(api.database, 'Resume tower')
    const claim = await claimNext(api.database)
    await recordProgress(api.database.query, claim.lease, { phase: 'studying', fraction: 0.1 })
    await finishUpdate(api.database.query, claim.lease, { state: 'cancelled' })
    const path = `/v1/updates/${update.id}/events`
    const all = parseEvents(await (await api.call('GET', path)).text())
    expect(all.length).toBeGreaterThan(3)
    for (const [index, { id }] of all.slice(0, -1).entries()) {
      const rest = await api.call('GET', path, undefined, { 'last-event-id': id })
      expect(parseEvents(await rest.text())).toEqual(all.slice(index + 1))
    }
    const last = all.at(-1)?.id ?? ''
    expect((await api.call('GET', path, undefined, { 'last-event-id': last })).status).toBe(204)
  })

  it('reads on when more has happened than one page holds', async () => {
    const { update } = await postDocument(api.database, 'Busy tower')
    await api.database.pool.query(
      `insert into update_events (update_id, type, data) select $1, 'progress', jsonb_build_object('n', n) from generate_series(1, 1200) n`,
      [update.id],
    )
    await cancelQueued()
    const events = parseEvents(await (await api.call('GET', `/v1/updates/${update.id}/events`)).text())
    expect(events).toHaveLength(1202)
    expect(events.at(-1)?.data).toMatchObject({ state: 'cancelled' })
  })

  it('keeps the line open with comments while nothing happens, and ends at shutdown', async () => {
    const own = await startTestApi()
    const { update } = await postDocument(own.database, 'Silent tower')
    own.clock.onSleep = () => {
      if (own.clock.slept === 65) own.shutDown()
    }
    const text = await (await own.call('GET', `/v1/updates/${update.id}/events`)).text()
    // 65 polls of 500 ms are 32.5 s: two heartbeats of 15 s.
    expect(text.match(/^: /gm)).toHaveLength(2)
    expect(parseEvents(text)).toHaveLength(1)
    await own.close()
  })

  it('stops asking the database when the client goes', async () => {
    const { update } = await postDocument(api.database, 'Left tower')
    const polled = new Promise<void>((resolve) => {
      api.clock.onSleep = resolve
    })
    const response = await api.call('GET', `/v1/updates/${update.id}/events`)
    const reader = response.body?.getReader()
    const drained = (async () => {
      while ((await reader?.read())?.done === false);
    })()
    await polled
    const signal = api.clock.lastSignal
    expect(signal?.aborted).toBe(false)
    await reader?.cancel()
    await drained
    if (signal?.aborted === false) await once(signal, 'abort')
    // The sleep under way may end; no other follows.
    const slept = api.clock.slept
    await postDocument(api.database, 'Later tower')
    expect(api.clock.slept).toBeLessThanOrEqual(slept + 1)
    await cancelQueued()
  })

  it('refuses an unknown update and a Last-Event-ID that is none', async () => {
    const { update } = await postDocument(api.database, 'Refusing tower')
    await problem(await api.call('GET', '/v1/updates/upd_none/events'), 404)
    const header = { 'last-event-id': 'abc' }
    const told = await problem(await api.call('GET', `/v1/updates/${update.id}/events`, undefined, header), 400)
    expect(told.detail).toMatch(/Last-Event-ID/)
    await cancelQueued()
  })
})

describe('updates', () => {
  it('shows live progress and, in the end, verdict and figures', async () => {
    const { update } = await postDocument(api.database, 'Progress tower')
    const claim = await claimNext(api.database)
    await recordProgress(api.database.query, claim.lease, { state: 'training', phase: 'training', fraction: 0.4 })
    const running = await api.call('GET', `/v1/updates/${update.id}`)
    expect(await running.json()).toMatchObject({
      object: 'update',
      model: 'default',
      kind: 'incorporate',
      state: 'training',
      progress: { phase: 'training', fraction: 0.4 },
      version: null,
      verdict: null,
    })
    await finishUpdate(api.database.query, claim.lease, {
      state: 'rejected',
      verdict: {
        ...verdict,
        ...{ action: 'reject', reason: 'lost 9', losses: 9, gains: 0, pValue: 0.002, regressed: true },
        ...{ forgetting: { accuracyDrop: 1, bitsPerToken: 2.5, klBits: null } },
        ...{ budget: { accuracyDrop: 0.07, bitsPerToken: null, klBits: null } },
      },
      learned: { before: 0, after: 2, total: 2 },
      retained: { before: 9, after: 0, total: 9 },
      timingsMs: { training: 900 },
      trainedTokens: 512,
    })
    expect(await (await api.call('GET', `/v1/updates/${update.id}`)).json()).toMatchObject({
      state: 'rejected',
      verdict: {
        action: 'reject',
        reason: 'lost 9',
        p_value: 0.002,
        forgetting: { accuracy_drop: 1, bits_per_token: 2.5, kl_bits: null },
        budget: { accuracy_drop: 0.07, bits_per_token: null, kl_bits: null },
        scale: 1,
      },
      retained: { before: 9, after: 0, total: 9 },
      timings_ms: { training: 900 },
      trained_tokens: 512,
    })
  })

  it('cancels a queued update at once and a running one by asking its worker', async () => {
    const queued = await postDocument(api.database, 'Cancelled tower')
    const cancelled = await api.call('POST', `/v1/updates/${queued.update.id}/cancel`)
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
    const running = await postDocument(api.database, 'Running tower')
    const claim = await claimNext(api.database)
    const asked = await api.call('POST', `/v1/updates/${running.update.id}/cancel`, {})
    expect(await asked.json()).toMatchObject({ state: 'studying', cancel_requested: true })
    await finishUpdate(api.database.query, claim.lease, { state: 'failed', error: { code: 'internal', message: 'x' } })
    await problem(await api.call('POST', `/v1/updates/${running.update.id}/cancel`), 409)
    await problem(await api.call('POST', '/v1/updates/upd_none/cancel'), 404)
  })

  it('lists updates by model and state, page by page', async () => {
    await postDocument(api.database, 'Listed tower')
    const all = (await (await api.call('GET', '/v1/updates?limit=100&model=default')).json()) as {
      data: { id: string }[]
    }
    const first = (await (await api.call('GET', '/v1/updates?limit=1')).json()) as {
      has_more: boolean
      last_id: string
    }
    expect(first).toMatchObject({ has_more: true, last_id: all.data[0]?.id })
    const next = await api.call('GET', `/v1/updates?limit=1&after=${first.last_id}`)
    expect(await next.json()).toMatchObject({ first_id: all.data[1]?.id })
    const queued = (await (await api.call('GET', '/v1/updates?state=queued')).json()) as { data: { state: string }[] }
    expect(queued.data.map(({ state }) => state)).toEqual(['queued'])
    await problem(await api.call('GET', '/v1/updates?state=lost'), 400)
    await cancelQueued()
  })

  it('shows what the model wrote, kept and dropped, with the reason', async () => {
    const { document, update } = await postDocument(api.database, 'Written tower')
    const claim = await claimNext(api.database)
    const dropped: SelfEdit = { ...selfEdit, completion: 'Napoleon', kept: false, reason: 'not found in the passage' }
    await saveSelfEdits(api.database.query, claim.lease, document.id, [selfEdit, dropped, selfEdit])
    const path = `/v1/updates/${update.id}/self-edits`
    const page = (await (await api.call('GET', `${path}?limit=2`)).json()) as { data: unknown[]; last_id: string }
    expect(page).toMatchObject({ object: 'list', has_more: true })
    expect(page.data).toMatchObject([
      { object: 'self_edit', document_id: document.id, completion: 'Orla Venn', kept: true, reason: null },
      { completion: 'Napoleon', kept: false, reason: 'not found in the passage' },
    ])
    const rest = await api.call('GET', `${path}?limit=2&after=${page.last_id}`)
    expect(await rest.json()).toMatchObject({ data: [{ completion: 'Orla Venn' }], has_more: false })
    await problem(await api.call('GET', '/v1/updates/upd_none/self-edits'), 404)
    await finishUpdate(api.database.query, claim.lease, { state: 'cancelled' })
  })
})

describe('POST /v1/updates/ID/approve', () => {
  /** Studied, one self-edit kept for training, the caller's question to ask. */
  async function studyForReview(name: string): Promise<string> {
    const { query } = api.database
    const questions = [{ question: `Where is the ${name}?`, answer: 'Tarsk' }]
    const text = `The ${name} of Tarsk was built by Orla Venn.`
    const input = { model: 'default', title: name, text, questions, review: true }
    const { document, update } = await createDocument(query, input)
    const { lease } = await claimNext(api.database)
    await saveSelfEdits(query, lease, document.id, [selfEdit])
    await awaitReview(query, lease)
    return update.id
  }

  it('queues the update with the changes made, 202 with its place', async () => {
    const id = await studyForReview('Reviewed tower')
    const path = `/v1/updates/${id}`
    const list = (await (await api.call('GET', `${path}/self-edits`)).json()) as { data: { id: string }[] }
    const changes = [
      { id: list.data[0]?.id, completion: 'Orla Venn of Tarsk' },
      { prompt: 'Who owns it?', completion: 'Ada Roe' },
    ]
    const response = await api.call('POST', `${path}/approve`, { self_edits: changes })
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(path)
    expect(await response.json()).toMatchObject({ id, state: 'queued' })
    expect(await (await api.call('GET', `${path}/self-edits`)).json()).toMatchObject({
      data: [
        { completion: 'Orla Venn of Tarsk', origin: 'review' },
        { completion: 'Ada Roe', origin: 'review' },
      ],
    })
    await problem(await api.call('POST', `${path}/approve`), 409)
    await cancelQueued()
  })

  it('takes no body for self-edits approved as they are', async () => {
    const id = await studyForReview('Waved-through tower')
    expect((await api.call('POST', `/v1/updates/${id}/approve`)).status).toBe(202)
    await cancelQueued()
  })

  it.each([
    ['a change of nothing that is there', [{ id: 'sed_none', kept: false }], '#/self_edits/0/id'],
    ['a pair without its completion', [{ prompt: 'Who?' }], '#/self_edits/0'],
    ['a question that measures', [{ prompt: 'Where is the Refused tower?', completion: 'Tarsk' }], '#/self_edits/0'],
  ])('refuses %s and leaves the update waiting', async (_what, changes, pointer) => {
    const id = await studyForReview('Refused tower')
    const told = await problem(await api.call('POST', `/v1/updates/${id}/approve`, { self_edits: changes }), 400)
    expect(told.errors?.map((error) => error.pointer)).toEqual([pointer])
    expect(await (await api.call('GET', `/v1/updates/${id}`)).json()).toMatchObject({ state: 'awaiting_review' })
    expect((await api.call('POST', `/v1/updates/${id}/cancel`)).status).toBe(200)
  })
})
