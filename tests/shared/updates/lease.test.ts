import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { listProbes, saveProbes } from '../../../shared/probes/save-probes.ts'
import { listSelfEdits, listSelfEditsOfDocuments, saveSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { renewLease, type Lease } from '../../../shared/updates/lease.ts'
import { recordProgress } from '../../../shared/updates/record-progress.ts'
import { releaseUpdate } from '../../../shared/updates/release-update.ts'
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { claimNext, postDocument, promoteClaim, snapshot, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const selfEdit: SelfEdit = {
  origin: 'model',
  format: 'question_answer',
  prompt: 'Who built it?',
  completion: 'Orla Venn',
  source: 'passage',
  kept: true,
  heldOut: false,
  reason: null,
}

/** Every write that a worker makes under its lease. */
const writes: Record<string, (claim: Claim) => Promise<unknown>> = {
  renewLease: ({ lease }) => renewLease(loop.database.query, lease, 60),
  recordProgress: ({ lease }) =>
    recordProgress(loop.database.query, lease, { state: 'training', phase: 'training', fraction: 0.5 }),
  saveSelfEdits: ({ lease, documents }) =>
    saveSelfEdits(loop.database.query, lease, documents[0]?.id ?? '', [selfEdit]),
  saveProbes: ({ lease, documents }) =>
    saveProbes(loop.database.query, lease, documents[0]?.id ?? '', [
      { question: 'Who?', answer: 'Orla Venn', source: 'self_made' },
    ]),
  releaseUpdate: ({ lease }) => releaseUpdate(loop.database.query, lease),
  'finishUpdate rejected': ({ lease }) => finishUpdate(loop.database.query, lease, { state: 'rejected' }),
  'finishUpdate failed': ({ lease }) =>
    finishUpdate(loop.database.query, lease, { state: 'failed', error: { code: 'internal', message: 'x' } }),
  promoteVersion: (claim) => promoteClaim(loop.database, claim, 0, { [claim.documents[0]?.id ?? '']: 2 }),
}

async function expectRefused(claim: Claim): Promise<void> {
  const before = await snapshot(loop.database)
  for (const [name, write] of Object.entries(writes)) {
    const outcome = await write(claim).catch((error: unknown) => error)
    expect(outcome instanceof AppError ? outcome.code : outcome, name).toBe('lease_lost')
  }
  expect(await snapshot(loop.database)).toEqual(before)
}

test('every write of a worker is refused once another worker has claimed the update', async () => {
  await postDocument(loop.database, 'Mill')
  const stale = await claimNext(loop.database, -1)
  const fresh = await claimNext(loop.database)
  await expectRefused(stale)
  await expect(renewLease(loop.database.query, fresh.lease, 60)).resolves.toEqual({ cancelRequested: false })
})

test('every write of a worker is refused after the update has ended', async () => {
  await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  await finishUpdate(loop.database.query, claim.lease, { state: 'rejected' })
  await expectRefused(claim)
})

test('every write of a worker is refused after the update went back to the queue', async () => {
  await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  await releaseUpdate(loop.database.query, claim.lease)
  await expectRefused(claim)
})

test('a worker that missed the end of its lease goes on while nobody else has claimed the update', async () => {
  await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database, -1)
  await renewLease(loop.database.query, claim.lease, 60)
  await expect(claimNext(loop.database)).rejects.toThrow('nothing to claim')
  expect(await writes['promoteVersion']?.(claim)).toBe(1)
})

test('each write succeeds under a lease that holds', async () => {
  for (const [name, write] of Object.entries(writes)) {
    const { update } = await postDocument(loop.database, name)
    await write(await claimNext(loop.database))
    await loop.database.pool.query(`update updates set state = 'cancelled', finished_at = now() where id = $1`, [
      update.id,
    ])
  }
})

test('progress is clipped to 0..1 and shows in the update', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  const { lease } = await claimNext(loop.database)
  await recordProgress(loop.database.query, lease, { state: 'training', phase: 'epoch 2', fraction: 1.7 })
  const shown = await getUpdate(loop.database.query, update.id)
  expect(shown).toMatchObject({ state: 'training', progress: { phase: 'epoch 2', fraction: 1 } })
})

test('self-edits of a restarted study replace those of the first, and what no database can keep is replaced', async () => {
  const { update, document } = await postDocument(loop.database, 'Mill')
  const { lease } = await claimNext(loop.database)
  await saveSelfEdits(loop.database.query, lease, document.id, [selfEdit, selfEdit])
  await saveSelfEdits(loop.database.query, lease, document.id, [{ ...selfEdit, completion: 'a\0b\ud800' }])
  const stored = await listSelfEdits(loop.database.query, update.id)
  expect(stored.map((edit) => edit.completion)).toEqual(['a\uFFFDb\uFFFD'])
})

test('a document tried again is trained on what its latest update wrote, not on what the rejected one wrote', async () => {
  const first = await postDocument(loop.database, 'Mill')
  const other = await postDocument(loop.database, 'Tower')
  const rejected = await claimNext(loop.database)
  await saveSelfEdits(loop.database.query, rejected.lease, first.document.id, [{ ...selfEdit, completion: 'before' }])
  await finishUpdate(loop.database.query, rejected.lease, { state: 'rejected' })
  const second = await claimNext(loop.database)
  await saveSelfEdits(loop.database.query, second.lease, other.document.id, [{ ...selfEdit, completion: 'other' }])
  await finishUpdate(loop.database.query, second.lease, { state: 'failed' })
  const stored = async (): Promise<string[]> =>
    (await listSelfEditsOfDocuments(loop.database.query, [first.document.id, other.document.id])).map(
      (edit) => edit.completion,
    )
  await postDocument(loop.database, 'Mill')
  const again = await claimNext(loop.database)
  expect(await stored()).toEqual(['before', 'other'])
  await saveSelfEdits(loop.database.query, again.lease, first.document.id, [
    { ...selfEdit, completion: 'after 1' },
    { ...selfEdit, completion: 'after 2' },
  ])
  expect(await stored()).toEqual(['after 1', 'after 2', 'other'])
})

test("self-made probes are replaced by a restarted study; the caller's count alone where given", async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  await loop.database.pool.query('update probes set retired_at = now()')
  const { lease } = await claimNext(loop.database)
  const save = (question: string): Promise<void> =>
    saveProbes(loop.database.query, lease, document.id, [{ question, answer: 'Tarsk', source: 'self_made' }])
  await save('first?')
  await save('second?')
  const questions = async (): Promise<string[]> =>
    (await listProbes(loop.database.query, [document.id])).map((probe) => probe.question)
  expect(await questions()).toEqual(['second?'])
  await loop.database.pool.query(`update probes set retired_at = null where source = 'caller'`)
  expect(await questions()).toEqual(['Who built the Mill?', 'Where was the Mill built?'])
})

test('cancelling ends a waiting update, and one whose worker is gone, at once', async () => {
  const waiting = await postDocument(loop.database, 'Mill')
  expect(await cancelUpdate(loop.database.query, waiting.update.id)).toMatchObject({ state: 'cancelled' })
  const abandoned = await postDocument(loop.database, 'Tower')
  await claimNext(loop.database, -1)
  expect(await cancelUpdate(loop.database.query, abandoned.update.id)).toMatchObject({ state: 'cancelled' })
  await expect(claimNext(loop.database)).rejects.toThrow('nothing to claim')
})

test('cancelling ends an update that waits for review at once', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  await loop.database.pool.query(`update updates set state = 'awaiting_review' where id = $1`, [update.id])
  expect(await cancelUpdate(loop.database.query, update.id)).toMatchObject({ state: 'cancelled' })
})

test('cancelling a running update asks its worker, and promotion cannot pass the request', async () => {
  for (const state of ['studying', 'training', 'evaluating'] as const) {
    const { update, document } = await postDocument(loop.database, state)
    const claim = await claimNext(loop.database)
    await recordProgress(loop.database.query, claim.lease, { state, phase: state, fraction: 0.3 })
    const asked = await cancelUpdate(loop.database.query, update.id)
    expect(asked).toMatchObject({ state, cancel_requested: true })
    expect(await renewLease(loop.database.query, claim.lease, 60)).toEqual({ cancelRequested: true })
    await expect(promoteClaim(loop.database, claim, 0, { [document.id]: 2 })).rejects.toMatchObject({
      code: 'cancelled',
    })
    await finishUpdate(loop.database.query, claim.lease, { state: 'cancelled' })
    expect(await cancelUpdate(loop.database.query, update.id)).toMatchObject({ state: 'cancelled' })
  }
})

test('a request to cancel outlives the worker: the next claim ends the update', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  const next = await postDocument(loop.database, 'Tower')
  const { lease } = await claimNext(loop.database)
  await cancelUpdate(loop.database.query, update.id)
  await releaseUpdate(loop.database.query, lease)
  expect((await claimNext(loop.database)).lease.updateId).toBe(next.update.id)
  expect(await getUpdate(loop.database.query, update.id)).toMatchObject({ state: 'cancelled' })
})

test('what has ended otherwise cannot be cancelled, and what never was is not found', async () => {
  for (const state of ['rejected', 'failed', 'promoted'] as const) {
    const { update, document } = await postDocument(loop.database, state)
    const claim = await claimNext(loop.database)
    if (state === 'promoted') await promoteClaim(loop.database, claim, 0, { [document.id]: 1 })
    else await finishUpdate(loop.database.query, claim.lease, { state })
    await expect(cancelUpdate(loop.database.query, update.id)).rejects.toMatchObject({ code: 'conflict' })
  }
  await expect(cancelUpdate(loop.database.query, 'upd_none')).rejects.toMatchObject({ code: 'not_found' })
})

test('a lease of another update does not fit', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  const { lease } = await claimNext(loop.database)
  const forged: Lease = { updateId: update.id, token: lease.token + 1 }
  await expect(renewLease(loop.database.query, forged, 60)).rejects.toMatchObject({ code: 'lease_lost' })
})
