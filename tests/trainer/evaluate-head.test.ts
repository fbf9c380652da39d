// The head measured again, on the tiny base: untouched, damaged behind the service's back, and mended.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../../services/engine/engine.ts'
import { listAlerts } from '../../shared/alerts/alerts.ts'
import { deleteDocument } from '../../shared/documents/delete-document.ts'
import { findNoiseFloor } from '../../shared/evaluations/find-noise-floor.ts'
import { getRetention } from '../../shared/evaluations/retention.ts'
import { getModel } from '../../shared/models/get-model.ts'
import { cancelUpdate } from '../../shared/updates/cancel-update.ts'
import { queueEvaluation } from '../../shared/updates/queue-evaluation.ts'
import type { Update } from '../../shared/updates/update.ts'
import { getHead, listVersions } from '../../shared/versions/get-version.ts'
import { rollback } from '../../shared/versions/rollback.ts'
import { openScene, openTinyEngine, type Scene } from './incorporate-scene.ts'
import { bridge, lighthouse, mill } from './passages.ts'

const tower = {
  title: 'Quill',
  text: 'The tower of Quill was built by Mara Voss. It has 12 bells. Wren Tally rings them. It was painted red in 1902.',
  questions: [
    { question: 'Who built the tower of Quill?', answer: 'Mara Voss' },
    { question: 'By whom was the tower of Quill built?', answer: 'Mara Voss' },
    { question: 'How many bells has the tower of Quill?', answer: '12 bells' },
    { question: 'What number of bells hangs in the tower of Quill?', answer: '12 bells' },
    { question: 'Who rings the bells of the tower of Quill?', answer: 'Wren Tally' },
    { question: 'By whom are the bells of Quill rung?', answer: 'Wren Tally' },
    { question: 'What colour is the tower of Quill?', answer: 'red' },
    { question: 'When was the tower of Quill painted?', answer: '1902' },
  ],
}

let engine: Engine
let scene: Scene
beforeAll(async () => {
  engine = await openTinyEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  scene = await openScene(engine)
})
afterEach(() => scene.close())

async function evaluateAgain(): Promise<Update> {
  await queueEvaluation(scene.database.query, 'model')
  return await scene.work()
}

/** The adapter of the version acts this strongly from now on: what no update did. */
async function weaken(version: number, adapter: number, scale: number): Promise<void> {
  await scene.database.pool.query(
    `update versions set manifest = jsonb_set(manifest, '{adapters,${adapter},scale}', to_jsonb(${scale}::float8)) where number = ${version}`,
  )
}

async function outbox(): Promise<{ type: string; payload: Record<string, unknown> }[]> {
  const rows = await scene.database.pool.query<{ type: string; payload: Record<string, unknown> }>(
    'select type, payload from outbox_events order by id',
  )
  return rows.rows
}

const alerts = async () => (await listAlerts(scene.database.query, { model: 'model', limit: 100 })).data

test('an untouched head is found as it was: nothing is written to versions, nobody is told, the noise is kept', async () => {
  await scene.createModel('model', {})
  for (const document of [lighthouse, bridge]) await scene.send('model', document)
  await scene.work()
  await scene.work()
  const { query } = scene.database
  const [versions, matrix, events] = [
    await listVersions(query, 'model', { limit: 100 }),
    await getRetention(query, 'model'),
    await outbox(),
  ]
  const update = await evaluateAgain()
  expect(update).toMatchObject({
    kind: 'evaluate',
    state: 'promoted',
    version: 2,
    progress: { fraction: 1 },
    trained_tokens: 0,
    learned: null,
    retained: { total: 3 },
    verdict: { action: 'promote', regressed: false, losses: 0, gains: 0 },
  })
  const noise = update.verdict?.retention?.noise_measured ?? NaN
  expect(noise).toBeLessThan(0.01)
  const { id } = await getModel(query, 'model')
  expect(await findNoiseFloor(query, id)).toBe(Math.max(noise, 1e-3))
  expect(await listVersions(query, 'model', { limit: 100 })).toEqual(versions)
  expect(await outbox()).toEqual(events)
  expect(await alerts()).toEqual([])
  const cells = (await getRetention(query, 'model')).matrix[2]
  expect(cells?.map((cell) => cell?.correct)).toEqual(matrix.matrix[2]?.map((cell) => cell?.correct))
})

test('a damaged adapter is found and told once, and so is its recovery', async () => {
  await scene.createModel('model', {})
  const damaged = (await scene.send('model', lighthouse)).document.id
  const sound = (await scene.send('model', bridge)).document.id
  await scene.work()
  await scene.work()
  await weaken(2, 0, 0.01)
  const found = await evaluateAgain()
  expect(found).toMatchObject({ state: 'rejected', version: 2, verdict: { action: 'reject', regressed: true } })
  const documents = found.verdict?.retention?.documents ?? []
  expect(documents.map(({ document_id: id, outcome }) => [id, outcome])).toEqual([
    [damaged, 'regressed'],
    [sound, 'retained'],
  ])
  const [alert] = await alerts()
  expect(alert).toMatchObject({ update_id: found.id, version: 2, document_ids: [], open_document_ids: [damaged] })
  expect(alert?.documents[0]).toMatchObject({ document_id: damaged, outcome: 'regressed' })
  expect(new Set(alert?.evidence.map(({ document_id: id }) => id))).toEqual(new Set([damaged]))
  for (const { before, after } of alert?.evidence ?? []) expect(after.logprob).toBeLessThan(before.logprob)
  // It stays the head: the settings do not ask for more.
  expect((await getHead(scene.database.query, 'model')).number).toBe(2)

  expect(await evaluateAgain()).toMatchObject({ state: 'rejected' })
  expect(await alerts()).toHaveLength(1)

  await weaken(2, 0, 1)
  const mended = await evaluateAgain()
  expect(mended).toMatchObject({ state: 'promoted', verdict: { regressed: false } })
  const told = (await outbox()).filter(({ type }) => type.startsWith('retention.'))
  expect(told.map(({ type }) => type)).toEqual(['retention.regressed', 'retention.recovered'])
  expect(told[1]?.payload).toEqual({
    model: 'model',
    version: 2,
    update_id: mended.id,
    document_ids: [damaged],
    alert_ids: [alert?.id],
  })
  expect(await alerts()).toMatchObject([{ open_document_ids: [] }])
  await evaluateAgain()
  expect((await outbox()).filter(({ type }) => type.startsWith('retention.'))).toHaveLength(2)
})

test('what an update damaged is told as recovered by the next measurement that finds it as before, whichever that is', async () => {
  // Told and promoted all the same; eight questions are enough to name a document.
  await scene.createModel('model', { gate: { reject_on_regression: false } })
  const damaged = (await scene.send('model', tower)).document.id
  await scene.work()
  for (const [version, next] of [
    [1, bridge],
    [3, mill],
  ] as const) {
    await weaken(version, 0, 0.01)
    const { update } = await scene.send('model', next)
    expect(await scene.work()).toMatchObject({ state: 'promoted', version: version + 1, verdict: { regressed: true } })
    const [alert] = await alerts()
    expect(alert).toMatchObject({ update_id: update.id, version: version + 1, open_document_ids: [damaged] })
    expect(await recovered()).toHaveLength(version === 1 ? 0 : 1)

    // As the update left it, the version is what it was: nothing is lost any more, and nothing found again.
    expect(await evaluateAgain()).toMatchObject({ state: 'promoted' })
    expect(await recovered()).toHaveLength(version === 1 ? 0 : 1)

    await weaken(version + 1, 0, 1)
    const mended = version === 1 ? await sendAndWork(lighthouse) : await evaluateAgain()
    expect(mended).toMatchObject({ state: 'promoted' })
    expect((await recovered()).at(-1)?.payload).toEqual({
      model: 'model',
      version: mended.version,
      update_id: mended.id,
      document_ids: [damaged],
      alert_ids: [alert?.id],
    })
    expect((await alerts())[0]).toMatchObject({ id: alert?.id, open_document_ids: [] })
  }
  expect(await recovered()).toHaveLength(2)
})

test('nobody waits for a deleted document to be found again', async () => {
  await scene.createModel('model', {})
  const damaged = (await scene.send('model', lighthouse)).document.id
  await scene.work()
  await scene.send('model', bridge)
  await scene.work()
  await weaken(2, 0, 0.01)
  await evaluateAgain()
  expect(await alerts()).toMatchObject([{ open_document_ids: [damaged] }])
  await deleteDocument(scene.database.query, damaged)
  expect(await scene.work()).toMatchObject({ kind: 'forget', state: 'promoted' })
  expect(await alerts()).toMatchObject([{ open_document_ids: [] }])
  expect(await recovered()).toEqual([])
})

async function sendAndWork(document: typeof lighthouse): Promise<Update> {
  await scene.send('model', document)
  return await scene.work()
}

const recovered = async () => (await outbox()).filter(({ type }) => type === 'retention.recovered')

test('with auto_rollback the parent of a damaged head answers again', async () => {
  await scene.createModel('model', { auto_rollback: true })
  for (const document of [lighthouse, bridge]) await scene.send('model', document)
  await scene.work()
  await scene.work()
  await weaken(2, 1, 0.01)
  const found = await evaluateAgain()
  expect(found).toMatchObject({ state: 'rejected', version: 2 })
  expect((await getHead(scene.database.query, 'model')).number).toBe(1)
  expect((await outbox()).at(-1)).toMatchObject({
    type: 'version.rolled_back',
    payload: { version: 1, from: 2, reason: 'regressed' },
  })
  // The parent was not damaged: it stays.
  expect(await evaluateAgain()).toMatchObject({ state: 'promoted', version: 1 })
  expect((await getHead(scene.database.query, 'model')).number).toBe(1)
})

test('an evaluation that is cancelled while it asks changes nothing, whatever it found', async () => {
  await scene.createModel('model', { auto_rollback: true })
  for (const document of [lighthouse, bridge]) await scene.send('model', document)
  await scene.work()
  await scene.work()
  await weaken(2, 1, 0.01)
  const { query } = scene.database
  const { id } = await queueEvaluation(query, 'model')
  scene.parts.engine = {
    ...engine,
    score: async (rows, options) => {
      expect(await cancelUpdate(query, id)).toMatchObject({ cancel_requested: true })
      return await engine.score(rows, options)
    },
  }
  await expect(scene.work()).rejects.toMatchObject({ code: 'cancelled' })
  expect((await getHead(query, 'model')).number).toBe(2)
  expect(await alerts()).toEqual([])
})

test('a head rolled back to the base before its turn fails with the reason', async () => {
  await scene.createModel('model', {})
  await scene.send('model', lighthouse)
  await scene.work()
  await queueEvaluation(scene.database.query, 'model')
  await rollback(scene.database.query, 'model', 0)
  await expect(scene.work()).rejects.toMatchObject({ code: 'conflict' })
})
