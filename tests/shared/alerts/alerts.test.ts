import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { alertSchema, type AlertEvidence } from '../../../shared/alerts/alert.ts'
import { getAlert, listAlerts } from '../../../shared/alerts/alerts.ts'
import { createAlert } from '../../../shared/alerts/create-alert.ts'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { createDocument } from '../../../shared/documents/create-document.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import type { UpdateRow } from '../../../shared/updates/update.ts'
import { updates } from '../../../shared/updates/updates.table.ts'
import { claimDeliveries } from '../../../shared/webhooks/claim-deliveries.ts'
import { createWebhook } from '../../../shared/webhooks/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts'

let own: TestDatabase
let database: Database
let db: Database['query']
let update: UpdateRow
let documentId: string
beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase(own.url)
  db = database.query
  await ensureModel(db, { name: 'default', base: 'tiny' })
  const text = 'The lighthouse of Varnholm was lit in 1871 by the keeper Ines Dahl.'
  const created = await createDocument(db, { model: 'default', title: 'Varnholm', text })
  const [row] = await db.select().from(updates).where(eq(updates.id, created.update.id))
  if (!row) throw new Error('the document has no update')
  update = row
  documentId = created.document.id
})
beforeEach(() => db.execute(sql`truncate alerts, webhooks, outbox_events cascade`))
afterAll(async () => {
  await database.close()
  await own.drop()
})

const evidence: AlertEvidence[] = [
  {
    document_id: 'doc_older',
    probe_id: 'prb_1',
    question: 'Who kept the mill?',
    gold: 'Tomas Reyl',
    before: { answer: 'Tomas Reyl', correct: true, logprob: -0.2 },
    after: { answer: 'Ines\0 Dahl', correct: false, logprob: -7.5 },
  },
]
const finding = { statistic: 'mcnemar_exact_pooled', pValue: 0.03125, evidence }

test('an alert and its event, with the evidence in it, are written together or not at all', async () => {
  await createWebhook(
    db,
    { url: 'https://example.com/alarms', events: ['retention.regressed'] },
    { allowPrivate: false },
  )
  const rolledBack = db.transaction(async (tx) => {
    await createAlert(tx, update, finding, 1)
    throw new Error('lease lost')
  })
  await expect(rolledBack).rejects.toThrow('lease lost')
  const claim = () =>
    claimDeliveries(db, { limit: 10, limitPerWebhook: 10, leaseSeconds: 60, underWay: new Map<string, number>() })
  expect(await claim()).toEqual([])
  expect((await listAlerts(db, { limit: 10 })).data).toEqual([])

  const alert = await db.transaction((tx) => createAlert(tx, update, finding, null))
  expect(alertSchema.parse(alert)).toMatchObject({
    model: 'default',
    update_id: update.id,
    document_ids: [documentId],
    version: null,
    p_value: 0.03125,
  })
  // What the database cannot keep of a model's answer is replaced, and does not break the promotion.
  expect(alert.evidence[0]?.after.answer).toBe('Ines\uFFFD Dahl')
  expect(alert.evidence[0]?.before).toEqual(evidence[0]?.before)
  expect((await claim())[0]?.event).toMatchObject({ type: 'retention.regressed', payload: alert })
  expect(await getAlert(db, alert.id)).toEqual(alert)
})

test('an alert names the update and the documents that caused it, and the message its fifty worst questions', async () => {
  await createWebhook(db, { url: 'https://example.com/alarms' }, { allowPrivate: false })
  const many = Array.from({ length: 80 }, (_, index) => ({
    ...evidence[0],
    probe_id: `prb_${index}`,
    after: { answer: 'no', correct: false, logprob: -index },
  })) as AlertEvidence[]
  const alert = await createAlert(db, update, { ...finding, evidence: many }, 1)
  expect(alert.culprit).toEqual({
    update_id: update.id,
    kind: 'incorporate',
    documents: [{ id: documentId, title: 'Varnholm' }],
  })
  expect((await getAlert(db, alert.id)).evidence).toHaveLength(80)
  const claims = { limit: 10, limitPerWebhook: 10, leaseSeconds: 60, underWay: new Map<string, number>() }
  const [delivery] = await claimDeliveries(db, claims)
  const sent = alertSchema.parse(delivery?.event.payload)
  expect(sent.evidence_total).toBe(80)
  const worst = Array.from({ length: 50 }, (_, index) => `prb_${79 - index}`)
  expect(sent.evidence.map((one) => one.probe_id)).toEqual(worst)
})

test('pages show every alert of a model once, the newest first', async () => {
  for (let version = 1; version <= 5; version++) await createAlert(db, update, finding, version)
  const first = await listAlerts(db, { model: 'default', limit: 2 })
  const second = await listAlerts(db, { model: 'default', limit: 2, after: first.data.at(-1)?.id ?? '' })
  const third = await listAlerts(db, { limit: 2, after: second.data.at(-1)?.id ?? '' })
  const versions = [first, second, third].flatMap((page) => page.data.map((alert) => alert.version))
  expect(versions).toEqual([5, 4, 3, 2, 1])
  expect([first, second, third].map((page) => page.has_more)).toEqual([true, true, false])
  expect((await listAlerts(db, { model: 'another', limit: 2 })).data).toEqual([])
})

test('an unknown alert is not found, nor is a page after it', async () => {
  await expect(getAlert(db, 'alr_none')).rejects.toMatchObject({ code: 'not_found' })
  await expect(listAlerts(db, { limit: 2, after: 'alr_none' })).rejects.toMatchObject({ field: 'after' })
})
