import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDocument } from '../../../shared/documents/create-document.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { listProbes, saveProbes } from '../../../shared/probes/save-probes.ts'
import { listSelfEdits, saveSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { SelfEditChange } from '../../../shared/self-edits/self-edit-change.ts'
import { approveUpdate } from '../../../shared/updates/approve-update.ts'
import { awaitReview } from '../../../shared/updates/await-review.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { claimUpdate } from '../../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { renewLease } from '../../../shared/updates/lease.ts'
import { queueDueEvaluation } from '../../../shared/updates/queue-evaluation.ts'
import { recordStudy } from '../../../shared/updates/record-study.ts'
import { listUpdateEvents } from '../../../shared/updates/update-events.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const pair = (prompt: string, completion: string, more: Partial<SelfEdit> = {}): SelfEdit => ({
  ...{ origin: 'model', format: 'question_answer', prompt, completion, source: 'passage' },
  ...{ kept: true, heldOut: false, reason: null, ...more },
})

const written = [
  pair('Who built the mill?', 'Orla Venn'),
  pair('Where is the mill?', 'in Tarsk'),
  pair('What turns the mill?', 'a goat', { kept: false, reason: 'the text does not say it' }),
  pair('When was the mill built?', 'in 1702', { heldOut: true }),
]

/** A document without questions whose self-edits wait for their review. */
async function studyForReview(name = 'mill'): Promise<{ id: string; documentId: string; edits: string[] }> {
  const { query } = loop.database
  const text = `The ${name} of Tarsk was built in 1702 by Orla Venn.`
  const { update, document } = await createDocument(query, { model: 'default', title: name, text, review: true })
  const claim = await claimNext(loop.database)
  expect(claim.update).toMatchObject({ id: update.id, review: true })
  const [held] = written.filter(({ heldOut }) => heldOut)
  const probe = { question: held?.prompt ?? '', answer: held?.completion ?? '', source: 'self_made' } as const
  await saveProbes(query, claim.lease, document.id, [probe])
  await saveSelfEdits(query, claim.lease, document.id, written)
  await recordStudy(query, claim.lease, { studyingMs: 800, generatedTokens: 90, trainedTokensMax: 12_000 })
  await awaitReview(query, claim.lease)
  return { id: update.id, documentId: document.id, edits: (await listSelfEdits(query, update.id)).map(({ id }) => id) }
}

test('what awaits its review holds no lease, and later updates of its model go on and are promoted', async () => {
  const { query } = loop.database
  const { id } = await studyForReview()
  expect(await getUpdate(query, id)).toMatchObject({
    state: 'awaiting_review',
    attempts: 0,
    timings_ms: { studying: 800 },
    generated_tokens: 90,
    trained_tokens_max: 12_000,
  })
  const { rows } = await loop.database.pool.query('select type, payload from outbox_events')
  expect(rows).toMatchObject([{ type: 'update.awaiting_review', payload: { id, state: 'awaiting_review' } }])
  expect(await claimUpdate(query, { leaseSeconds: 60 })).toBeUndefined()
  const later = await postDocument(loop.database, 'Bridge')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [later.document.id]: 2 })
  expect(await getUpdate(query, id)).toMatchObject({ state: 'awaiting_review' })
  // Nor does it keep the clock from asking for an evaluation, or a caller from choosing another strategy.
  await changeSettings(query, 'default', { strategy: 'replay', reevaluate_hours: 0.1 })
  await loop.database.pool.query(
    `update updates set finished_at = now() - interval '1 day' where finished_at is not null`,
  )
  expect(await queueDueEvaluation(query)).toMatchObject({ kind: 'evaluate' })
})

test('approved, it is queued behind what came meanwhile, claimed without a second review, and keeps what its study cost', async () => {
  const { query } = loop.database
  const { id, documentId } = await studyForReview()
  const later = await postDocument(loop.database, 'Bridge')
  const running = await claimNext(loop.database)
  expect(running.update.id).toBe(later.update.id)
  expect(await approveUpdate(query, id, [])).toMatchObject({ state: 'queued' })
  // One update of a model at a time, the approved one included.
  expect(await claimUpdate(query, { leaseSeconds: 60 })).toBeUndefined()
  await finishUpdate(query, running.lease, { state: 'rejected' })
  const claim = await claimNext(loop.database)
  expect(claim).toMatchObject({ update: { id, review: false }, attempt: 1 })
  await promoteClaim(loop.database, claim, 0, { [documentId]: 1 })
  expect(await getUpdate(query, id)).toMatchObject({
    state: 'promoted',
    timings_ms: { studying: 800, training: 1200 },
    generated_tokens: 90,
  })
  const states = (await listUpdateEvents(query, id, 0)).filter(({ type }) => type === 'state')
  expect(states.map(({ data }) => data['state'])).toEqual([
    ...['queued', 'studying', 'awaiting_review', 'queued', 'studying', 'promoted'],
  ])
})

test('it can be cancelled instead, and not be approved afterwards', async () => {
  const { query } = loop.database
  const { id } = await studyForReview()
  expect(await cancelUpdate(query, id)).toMatchObject({ state: 'cancelled' })
  await expect(approveUpdate(query, id, [])).rejects.toMatchObject({ code: 'conflict' })
  await expect(approveUpdate(query, 'upd_none', [])).rejects.toMatchObject({ code: 'not_found' })
})

test('of many approvals and a cancellation at once one is carried out', async () => {
  const { query } = loop.database
  const { id } = await studyForReview()
  const asked = [
    ...Array.from({ length: 5 }, () => approveUpdate(query, id, [{ prompt: 'Who owns the mill?', completion: 'Ada' }])),
    cancelUpdate(query, id),
  ]
  const ended = await Promise.allSettled(asked)
  const refused = ended.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  expect(refused.length).toBeGreaterThanOrEqual(4)
  for (const reason of refused) expect(reason).toMatchObject({ code: 'conflict' })
  expect((await listSelfEdits(query, id)).length).toBeLessThanOrEqual(written.length + 1)
  expect(['queued', 'cancelled']).toContain((await getUpdate(query, id)).state)
})

test('the worker that studied cannot write any more once the review has begun', async () => {
  const { query } = loop.database
  await createDocument(query, { model: 'default', title: 'Mill', text: 'The mill grinds mustard.', review: true })
  const { lease } = await claimNext(loop.database)
  await awaitReview(query, lease)
  await expect(renewLease(query, lease, 60)).rejects.toMatchObject({ code: 'lease_lost' })
})

test('self-edits are reworded, dropped, taken back and added, and a reworded probe is asked in its new words', async () => {
  const { query } = loop.database
  const { id, documentId, edits } = await studyForReview()
  const [first = '', second = '', third = '', held = ''] = edits
  await approveUpdate(query, id, [
    { id: first, completion: ' Orla Venn of Tarsk ' },
    { id: second, kept: false },
    { id: third, kept: true },
    { id: held, prompt: 'In which year was the mill built?', completion: '1702' },
    { prompt: 'Who owns the mill?', completion: 'Ada Roe' },
  ])
  const after = await listSelfEdits(query, id)
  expect(
    after.map(({ prompt, completion, origin, kept, heldOut, reason }) => [
      prompt,
      completion,
      origin,
      kept,
      heldOut,
      reason,
    ]),
  ).toEqual([
    ['Who built the mill?', 'Orla Venn of Tarsk', 'review', true, false, null],
    ['Where is the mill?', 'in Tarsk', 'model', false, false, 'dropped in review'],
    ['What turns the mill?', 'a goat', 'model', true, false, null],
    ['In which year was the mill built?', '1702', 'review', true, true, null],
    ['Who owns the mill?', 'Ada Roe', 'review', true, false, null],
  ])
  expect(await listProbes(query, [documentId])).toMatchObject([
    { question: 'In which year was the mill built?', answer: '1702', source: 'self_made' },
  ])
  const events = await listUpdateEvents(query, id, 0)
  expect(events.find(({ type }) => type === 'approved')?.data).toEqual({ edited: 3, dropped: 1, added: 1 })
})

test('changes that cannot be made are refused with their field, and none is made', async () => {
  const { query } = loop.database
  const { id, edits } = await studyForReview()
  const [first = '', second = '', , held = ''] = edits
  const refused: [changes: SelfEditChange[], field: string][] = [
    [
      [
        { id: first, completion: 'Ada' },
        { id: 'sed_none', kept: false },
      ],
      'self_edits.1.id',
    ],
    [
      [
        { id: first, completion: 'Ada' },
        { id: first, kept: false },
      ],
      'self_edits.1.id',
    ],
    [[{ id: first, completion: ' ' }], 'self_edits.0.completion'],
    [[{ id: first, prompt: 'x'.repeat(5_000) }], 'self_edits.0.prompt'],
    [[{ prompt: 'Who?', completion: 'Ada', document_id: 'doc_none' }], 'self_edits.0.document_id'],
    [
      [
        { id: first, kept: false },
        { id: second, kept: false },
      ],
      'self_edits',
    ],
    [[{ id: held, kept: false }], 'self_edits'],
    // The probe's own question, in training.
    [[{ prompt: 'When was the mill built??', completion: 'in 1702' }], 'self_edits.0'],
    [[{ id: held, prompt: 'Who built the mill?', completion: 'Orla Venn' }], 'self_edits.0'],
  ]
  const before = await listSelfEdits(query, id)
  for (const [changes, field] of refused) {
    await expect(approveUpdate(query, id, changes), JSON.stringify(changes)).rejects.toMatchObject({
      code: 'invalid_request',
      field,
    })
  }
  expect(await listSelfEdits(query, id)).toEqual(before)
  expect(await getUpdate(query, id)).toMatchObject({ state: 'awaiting_review' })
  expect((await getModel(query, 'default')).headVersion).toBe(0)
})
