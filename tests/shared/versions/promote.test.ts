import { afterEach, beforeEach, expect, test } from 'vitest'
import { findEvaluations } from '../../../shared/evaluations/find-evaluations.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { getHead, getVersion, listVersions } from '../../../shared/versions/get-version.ts'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { rollback, rollBackRegressed } from '../../../shared/versions/rollback.ts'
import {
  claimNext,
  evaluate,
  manifestOf,
  postDocument,
  promoteClaim,
  snapshot,
  startLoop,
  verdict,
  type TestLoop,
} from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const alert = { statistic: 'mcnemar_exact_one_sided', pValue: 0.03, evidence: [] }

async function outboxTypes(): Promise<string[]> {
  const rows = await loop.database.pool.query<{ type: string }>('select type from outbox_events order by id')
  return rows.rows.map((row) => row.type)
}

test('a promotion makes version, head, evaluations, alert, notices and the finished update', async () => {
  const { document, update } = await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  expect(await promoteClaim(loop.database, claim, 0, { [document.id]: 2 }, { alert })).toBe(1)

  const head = await getHead(loop.database.query, 'default')
  expect(head).toMatchObject({
    number: 1,
    parent: 0,
    updateId: update.id,
    manifest: manifestOf([document.id]),
    verdict,
  })
  expect(head.promotions.map((promotion) => promotion.reason)).toEqual(['promoted'])
  expect(await getUpdate(loop.database.query, update.id)).toMatchObject({
    state: 'promoted',
    version: 1,
    progress: { fraction: 1 },
    learned: { before: 0, after: 2, total: 2 },
    timings_ms: { training: 1200 },
    trained_tokens: 345,
    error: null,
  })
  const model = await getModel(loop.database.query, 'default')
  const [base, learned] = [
    await findEvaluations(loop.database.query, model.id, 0),
    await findEvaluations(loop.database.query, model.id, 1),
  ]
  expect(base.get(document.id)).toMatchObject({ correct: 0, total: 2, logprob: -4 })
  expect(learned.get(document.id)).toMatchObject({ correct: 2, total: 2, logprob: -0.5 })
  expect(
    learned
      .get(document.id)
      ?.answers.map((answer) => answer.answer)
      .sort(),
  ).toEqual(['Orla Venn', 'Tarsk'])
  expect((await outboxTypes()).sort()).toEqual(['retention.regressed', 'update.promoted'])
})

test('a fault at any step of the promotion leaves nothing behind, and the same worker can promote afterwards', async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  await loop.database.pool.query(
    `create function fail() returns trigger language plpgsql as $$ begin raise exception 'disk on fire'; end $$`,
  )
  const before = await snapshot(loop.database)
  const steps = ['versions', 'evaluations', 'evaluation_answers', 'promotions', 'models', 'alerts', 'updates']
  for (const table of [...steps, 'update_events', 'outbox_events']) {
    await loop.database.pool.query(
      `create trigger fail after insert or update on ${table} for each row execute function fail()`,
    )
    const promotion = promoteClaim(loop.database, claim, 0, { [document.id]: 2 }, { alert })
    await expect(promotion, table).rejects.toThrow()
    await loop.database.pool.query(`drop trigger fail on ${table}`)
    expect(await snapshot(loop.database), table).toEqual(before)
  }
  expect(await promoteClaim(loop.database, claim, 0, { [document.id]: 2 }, { alert })).toBe(1)
})

test('a connection cut in the middle of the promotion leaves nothing behind', async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  await loop.database.pool.query(
    `create function cut() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`,
  )
  const before = await snapshot(loop.database)
  await loop.database.pool.query('create trigger cut after insert on promotions for each row execute function cut()')
  await expect(promoteClaim(loop.database, claim, 0, { [document.id]: 2 })).rejects.toThrow()
  await loop.database.pool.query('drop trigger cut on promotions')
  expect(await snapshot(loop.database)).toEqual(before)
  expect(await promoteClaim(loop.database, claim, 0, { [document.id]: 2 })).toBe(1)
})

test('ten promotions of one claim at once promote once', async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  const claim = await claimNext(loop.database)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => promoteClaim(loop.database, claim, 0, { [document.id]: 2 })),
  )
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'lease_lost' })
  }
  expect((await getModel(loop.database.query, 'default')).headVersion).toBe(1)
  expect(await outboxTypes()).toEqual(['update.promoted'])
})

test('a regression found later brings the parent back where the model asks for it, while its version is the head', async () => {
  const { query } = loop.database
  for (const [parent, name] of ['Mill', 'Tower'].entries()) {
    const { document } = await postDocument(loop.database, name)
    await promoteClaim(loop.database, await claimNext(loop.database), parent, { [document.id]: 2 })
  }
  const { id } = await getModel(query, 'default')
  const regressed = (version: number) => query.transaction((tx) => rollBackRegressed(tx, id, version))
  expect(await regressed(2)).toBeNull()
  await changeSettings(query, 'default', { auto_rollback: true })
  expect(await regressed(1)).toBeNull()
  expect((await getHead(query, 'default')).number).toBe(2)

  expect(await regressed(2)).toBe(1)
  const head = await getHead(query, 'default')
  expect(head.number).toBe(1)
  expect(head.promotions.map(({ reason }) => reason)).toEqual(['promoted', 'rolled_back'])
  expect(await regressed(2)).toBeNull()
  const events = await loop.database.pool.query<{ payload: unknown }>(
    `select payload from outbox_events where type = 'version.rolled_back'`,
  )
  expect(events.rows.map(({ payload }) => payload)).toEqual([
    { model: 'default', version: 1, from: 2, reason: 'regressed' },
  ])
})

test('a candidate made from a head that moved meanwhile is refused', async () => {
  const first = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [first.document.id]: 2 })
  const second = await postDocument(loop.database, 'Tower')
  const claim = await claimNext(loop.database)
  await rollback(loop.database.query, 'default', 0)
  const promotion = promoteClaim(loop.database, claim, 1, { [second.document.id]: 2 })
  await expect(promotion).rejects.toMatchObject({ code: 'head_moved', retry: true })
  expect(await promoteClaim(loop.database, claim, 0, { [second.document.id]: 2 })).toBe(2)
  expect(await getVersion(loop.database.query, 'default', 2)).toMatchObject({ parent: 0 })
})

test('a rejection keeps the evidence without a version, and the head stays', async () => {
  const { document, update } = await postDocument(loop.database, 'Mill')
  const { lease } = await claimNext(loop.database)
  await finishUpdate(loop.database.query, lease, {
    state: 'rejected',
    verdict: { ...verdict, action: 'reject', regressed: true, losses: 6, pValue: 0.016 },
    evaluations: await evaluate(loop.database, { [document.id]: 1 }),
    alert,
  })
  expect(await getUpdate(loop.database.query, update.id)).toMatchObject({
    state: 'rejected',
    version: null,
    verdict: { action: 'reject', losses: 6, p_value: 0.016 },
  })
  expect(await getHead(loop.database.query, 'default')).toMatchObject({ number: 0, manifest: null })
  const stored = await loop.database.pool.query('select version, correct from evaluations')
  expect(stored.rows).toEqual([{ version: null, correct: 1 }])
  expect((await outboxTypes()).sort()).toEqual(['retention.regressed', 'update.rejected'])
})

test('a rollback publishes the old version again, says so once, and numbers go on', async () => {
  for (const name of ['Mill', 'Tower']) {
    const { document } = await postDocument(loop.database, name)
    const { headVersion } = await getModel(loop.database.query, 'default')
    await promoteClaim(loop.database, await claimNext(loop.database), headVersion, { [document.id]: 2 })
  }
  const back = await rollback(loop.database.query, 'default', 1)
  expect(back.promotions.map((promotion) => promotion.reason)).toEqual(['promoted', 'rolled_back'])
  await rollback(loop.database.query, 'default', 1)
  expect((await getHead(loop.database.query, 'default')).number).toBe(1)
  expect((await outboxTypes()).filter((type) => type === 'version.rolled_back')).toHaveLength(1)
  await expect(rollback(loop.database.query, 'default', 9)).rejects.toMatchObject({ code: 'not_found' })
  await expect(rollback(loop.database.query, 'other', 1)).rejects.toMatchObject({ code: 'not_found' })

  const third = await postDocument(loop.database, 'Quay')
  expect(await promoteClaim(loop.database, await claimNext(loop.database), 1, { [third.document.id]: 2 })).toBe(3)
  const page = await listVersions(loop.database.query, 'default', { limit: 2 })
  expect(page.data.map((version) => [version.version, version.parent])).toEqual([
    [3, 1],
    [2, 1],
  ])
  expect(page).toMatchObject({ has_more: true, last_id: 'default@v2' })
  const rest = await listVersions(loop.database.query, 'default', { limit: 2, after: 'default@v2' })
  expect(rest.data.map((version) => version.version)).toEqual([1, 0])
  expect(rest.has_more).toBe(false)
})

test('a manifest that was tampered with is an error, never an answer', async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [document.id]: 2 })
  await loop.database.pool.query(`update versions set manifest = '{"base": 1}' where number = 1`)
  await expect(getHead(loop.database.query, 'default')).rejects.toMatchObject({ code: 'internal' })
})
