// What an alert keeps open, and what a rollback closes: v1 knows the tower, v2 learns the mill and loses some of the tower.
import { eq } from 'drizzle-orm'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listAlerts } from '../../../shared/alerts/alerts.ts'
import { listOpenLosses } from '../../../shared/alerts/open-losses.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { finishEvaluation } from '../../../shared/updates/finish-evaluation.ts'
import { queueEvaluation } from '../../../shared/updates/queue-evaluation.ts'
import type { RetentionRecord } from '../../../shared/versions/retention-record.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { outboxEvents } from '../../../shared/webhooks/webhooks.table.ts'
import {
  claimNext,
  evaluate,
  postDocument,
  promoteClaim,
  startLoop,
  verdict,
  type TestLoop,
} from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

/** Of documents with the nats that they lost; `named` says whether the alarm could tell which. */
function recordOf(lost: Readonly<Record<string, number>>, named: boolean): RetentionRecord {
  const outcome = named ? ('regressed' as const) : ('insufficient_data' as const)
  const figures = { questions: 2, pValue: 0.01, qValue: 0.2, eValue: 1, outcome, questionsMissing: null }
  return {
    ...{ alarms: ['pooled'], control: null, noiseFloor: 0, noiseMeasured: null, eValue: 1 },
    pooled: { statistic: 'clustered_sign_flip_one_sided', pValue: 0.01, meanLoss: 1 },
    outcomes: { regressed: 0, retained: 0, insufficient_data: 0 },
    documents: Object.entries(lost).map(([documentId, meanLoss]) => ({ documentId, meanLoss, ...figures })),
  }
}

const alertOf = (retention: RetentionRecord) => ({
  ...{ statistic: retention.pooled.statistic, pValue: retention.pooled.pValue, evidence: [], retention },
})

/** v1 and v2; ids of the tower, the well, which won, and the mill. */
async function learnWithLoss(named: boolean): Promise<{ tower: string; well: string; mill: string }> {
  const { document: tower } = await postDocument(loop.database, 'Tower')
  const { document: well } = await postDocument(loop.database, 'Well')
  const { document: mill } = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [tower.id]: 2 })
  await promoteClaim(loop.database, await claimNext(loop.database), 1, { [tower.id]: 2, [well.id]: 1 })
  const retention = recordOf(named ? { [tower.id]: 2 } : { [tower.id]: 2, [well.id]: -1 }, named)
  const correct = { [tower.id]: 0, [well.id]: 2, [mill.id]: 2 }
  const more = { verdict: { ...verdict, regressed: true, retention }, alert: alertOf(retention) }
  await promoteClaim(loop.database, await claimNext(loop.database), 2, correct, more)
  return { tower: tower.id, well: well.id, mill: mill.id }
}

const alerts = async () => (await listAlerts(loop.database.query, { limit: 10 })).data
async function hear() {
  const rows = await loop.database.query.select().from(outboxEvents).where(eq(outboxEvents.type, 'retention.recovered'))
  return rows.map(({ payload }) => payload)
}

test.each([true, false])(
  'a document that lost is open, named (%s) or not, until a rollback to before the loss; then it is told as recovered',
  async (named) => {
    const { query } = loop.database
    const { tower } = await learnWithLoss(named)
    const [alert] = await alerts()
    expect(alert).toMatchObject({ version: 3, open_document_ids: [tower] })
    const losses = await listOpenLosses(query, (await getModel(query, 'default')).id)
    expect(losses).toMatchObject([
      { documentId: tower, together: !named, before: { documentId: tower, logprob: -0.5 } },
    ])
    await rollback(query, 'default', 2)
    expect(await alerts()).toMatchObject([{ open_document_ids: [] }])
    const told = { model: 'default', version: 2, update_id: null, document_ids: [tower], alert_ids: [alert?.id] }
    expect(await hear()).toEqual([told])
    await rollback(query, 'default', 3)
    await rollback(query, 'default', 2)
    expect(await hear()).toHaveLength(1)
  },
)

test('a rollback closes nothing that its version was not taught, or that was lost on the way to it', async () => {
  const { query } = loop.database
  const { tower } = await learnWithLoss(true)
  await rollback(query, 'default', 0)
  expect(await alerts()).toMatchObject([{ open_document_ids: [tower] }])
  await rollback(query, 'default', 3)
  const { document } = await postDocument(loop.database, 'Quay')
  await promoteClaim(loop.database, await claimNext(loop.database), 3, { [tower]: 0, [document.id]: 1 })
  await rollback(query, 'default', 3)
  expect(await alerts()).toMatchObject([{ open_document_ids: [tower] }])
  expect(await hear()).toEqual([])
})

test('what an evaluation found lost no rollback brings back: a measurement has to', async () => {
  const { query } = loop.database
  const { document } = await postDocument(loop.database, 'Tower')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [document.id]: 2 })
  const { document: mill } = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 1, { [document.id]: 2, [mill.id]: 1 })
  await queueEvaluation(query, 'default')
  const retention = recordOf({ [document.id]: 3 }, true)
  await finishEvaluation(query, (await claimNext(loop.database)).lease, {
    ...{ version: 2, retained: null, recovered: [], timingsMs: {}, alert: alertOf(retention) },
    verdict: { ...verdict, action: 'reject', regressed: true, retention },
    evaluations: await evaluate(loop.database, { [document.id]: 0 }),
  })
  await rollback(query, 'default', 1)
  expect(await alerts()).toMatchObject([{ open_document_ids: [document.id] }])
  expect(await hear()).toEqual([])
})

test('a rollback and an evaluation that find the same document again at once both end, and it is told once', async () => {
  const { query, pool } = loop.database
  const { tower, well } = await learnWithLoss(true)
  await queueEvaluation(query, 'default')
  const { lease } = await claimNext(loop.database)
  const retention = recordOf({ [well]: 3 }, true)
  // The rollback holds its model and waits; the evaluation comes to its own wait; then the rollback goes on.
  const blocker = new pg.Client({ connectionString: String(pool.options.connectionString) })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('lock table promotions in share mode')
  const waiting = (count: number) => async () => {
    const { rows } = await pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(rows).toHaveLength(count)
  }
  const back = rollback(query, 'default', 2)
  await vi.waitFor(waiting(1), { timeout: 20_000 })
  const evaluated = finishEvaluation(query, lease, {
    ...{ version: 3, retained: null, recovered: [tower], timingsMs: {}, alert: alertOf(retention) },
    verdict: { ...verdict, action: 'reject', regressed: true, retention },
    evaluations: await evaluate(loop.database, { [tower]: 2, [well]: 0 }),
  })
  await vi.waitFor(waiting(2), { timeout: 20_000 })
  await blocker.end()
  expect(await Promise.allSettled([back, evaluated])).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
  expect(await hear()).toMatchObject([{ document_ids: [tower], update_id: null }])
})
