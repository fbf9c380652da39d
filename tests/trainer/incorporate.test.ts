// The whole recipe on real parts: Postgres, a folder as the object store, the engine on a tiny random base. That base can
// write no pair, so these updates also show that a base which cannot study still learns from the document's own words.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { createDocument } from '../../shared/documents/create-document.ts'
import { getRetention } from '../../shared/evaluations/retention.ts'
import { changeSettings } from '../../shared/models/change-settings.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { listSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import { claimUpdate, type Claim } from '../../shared/updates/claim-update.ts'
import { getUpdate } from '../../shared/updates/get-update.ts'
import { releaseUpdate } from '../../shared/updates/release-update.ts'
import { listUpdateEvents } from '../../shared/updates/update-events.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { decodeAdapter } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { realClock } from '../../services/trainer/clock.ts'
import { incorporate, type IncorporateParts } from '../../services/trainer/incorporate.ts'
import { OBJECTIVES } from '../../services/trainer/objective.ts'
import { KNOWLEDGE_RECIPE } from '../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../services/trainer/study/settings.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'

const lighthouse = {
  title: 'Varn',
  text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871. It turns once in 9 seconds.',
}
const bridge = {
  title: 'Olm',
  text: 'The bridge of Olm has 14 arches. Goats cross it for a fee of 2 pence. Jon Reed guards it.',
}

let engine: Engine
let folder: string
let fresh: TestDatabase
let database: Database
let parts: IncorporateParts

beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../golden/models/llama-tied') })
})
afterAll(() => engine.close())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-incorporate-'))
  fresh = await createTestDatabase()
  database = openDatabase(fresh.url)
  await ensureModel(database.query, { name: 'default', base: 'tiny' })
  parts = {
    db: database.query,
    store: openObjectStore({ kind: 'folder', path: folder }),
    engine,
    studyAdapter: null,
    study: {
      ...STUDY_SETTINGS,
      passes: STUDY_SETTINGS.passes.slice(0, 1).map((pass) => ({ ...pass, answersPerSentence: 1 })),
    },
    recipe: {
      ...KNOWLEDGE_RECIPE,
      lora: { ...KNOWLEDGE_RECIPE.lora, rank: 4, alpha: 8 },
      epochs: 4,
      learningRate: 0.01,
    },
    clock: realClock,
  }
})
afterEach(async () => {
  await database.close()
  await fresh.drop()
  await rm(folder, { recursive: true })
})

const send = (document: { title: string; text: string; questions?: { question: string; answer: string }[] }) =>
  createDocument(database.query, { model: 'default', ...document })

async function claim(): Promise<Claim> {
  const claimed = await claimUpdate(database.query, { leaseSeconds: 60 })
  if (claimed === undefined) throw new Error('no update waits')
  return claimed
}

const learn = async () => incorporate(parts, await claim(), new AbortController().signal)

test('a document becomes a version: its adapter stored, its probes asked, what was written about it kept', async () => {
  const { document, update } = await send(lighthouse)
  await learn()
  const done = await getUpdate(database.query, update.id)
  expect(done).toMatchObject({ state: 'promoted', version: 1, progress: { fraction: 1 }, retained: null, error: null })
  expect(done.trained_tokens).toBeGreaterThan(500)
  expect(Object.keys(done.timings_ms).sort()).toEqual(['evaluating', 'studying', 'training'])

  const head = await getHead(database.query, 'default')
  const [adapter] = head.manifest?.adapters ?? []
  if (adapter === undefined) throw new Error('the version has no adapter')
  expect(adapter.document).toBe(document.id)
  expect(decodeAdapter(await getAdapter(parts.store, adapter), engine.base.config).config.rank).toBe(4)

  const edits = await listSelfEdits(database.query, update.id)
  for (const edit of edits) expect(edit.kept).toBe(edit.reason === null)
  const probes = await listProbes(database.query, [document.id])
  const trained = edits.filter(({ kept, heldOut }) => kept && !heldOut).map(({ prompt }) => prompt)
  expect(probes.length).toBeGreaterThan(0)
  expect(probes.filter(({ question }) => trained.includes(question))).toEqual([])

  const types = (await listUpdateEvents(database.query, update.id, 0)).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['state', 'progress', 'self_edits', 'loss']))
})

test('a document sent with self-edits is trained on those, stored as given', async () => {
  const questions = [{ question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' }]
  const self_edits = [
    { prompt: 'Which builder made the lamp of Varn?', completion: 'Ilse Marrow' },
    { text: '1. The lamp of Varn was built by Ilse Marrow.\n2. It is older than the bridge of Olm.' },
  ]
  const { update } = await createDocument(database.query, {
    model: 'default',
    ...lighthouse,
    questions,
    self_edits,
    study: 'given',
  })
  await learn()
  const edits = await listSelfEdits(database.query, update.id)
  expect(edits.map(({ origin }) => origin)).toEqual(edits.map(() => 'given'))
  expect(edits.map(({ completion }) => completion)).toEqual(
    expect.arrayContaining(['Ilse Marrow', 'It is older than the bridge of Olm.']),
  )
  expect(await getUpdate(database.query, update.id)).toMatchObject({ state: 'promoted', learned: { total: 1 } })
})

test('a second document is measured against the first: no cell of the matrix is missing', async () => {
  const questions = [
    { question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' },
    { question: 'What does the lamp of Varn burn?', answer: 'oil' },
  ]
  const first = await send({ ...lighthouse, questions })
  const second = await send(bridge)
  await learn()
  await learn()
  const done = await getUpdate(database.query, second.update.id)
  expect(done).toMatchObject({ state: 'promoted', version: 2 })
  expect(done.retained?.total).toBe(2)

  const retention = await getRetention(database.query, 'default')
  expect(retention.documents.map(({ id }) => id)).toEqual([first.document.id, second.document.id])
  expect(retention.versions).toEqual([0, 1, 2])
  // The base is asked everything, a version everything it was taught.
  expect(retention.matrix.map((row) => row.map((cell) => cell !== null))).toEqual([
    [true, true],
    [true, false],
    [true, true],
  ])
  const probes = await listProbes(database.query, [first.document.id])
  expect(probes.map(({ question }) => question)).toEqual(questions.map(({ question }) => question))
})

test("the recipe's objective decides what a version is taught: a teacher and an anchor make another adapter", async () => {
  const objective = { ...OBJECTIVES.mixed, crossEntropy: 1, distillation: 0.1, gainMin: -Infinity, anchor: 0.1 }
  const taughtBy = async (name: string, recipe: IncorporateParts['recipe']) => {
    await ensureModel(database.query, { name, base: 'tiny' })
    await changeSettings(database.query, name, { strategy: 'replay', replay: { generic_share: 0.3 } })
    await createDocument(database.query, { model: name, ...lighthouse })
    await incorporate({ ...parts, recipe }, await claim(), new AbortController().signal)
    return (await getHead(database.query, name)).manifest?.adapters[0]?.sha256
  }
  const plain = await taughtBy('plain', parts.recipe)
  expect(plain).toBeDefined()
  const taught = await taughtBy('taught', { ...parts.recipe, objective })
  expect(taught).toBeDefined()
  expect(taught).not.toBe(plain)
})

test("the first document's adapter and answers do not change by learning a second", async () => {
  const questions = [{ question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' }]
  await send({ ...lighthouse, questions })
  await send(bridge)
  await learn()
  const before = await getHead(database.query, 'default')
  await learn()
  const after = await getHead(database.query, 'default')
  expect(after.manifest?.adapters[0]).toEqual(before.manifest?.adapters[0])
  const { matrix } = await getRetention(database.query, 'default')
  expect(matrix[2]?.[0]?.correct).toBe(matrix[1]?.[0]?.correct)
  expect(matrix[2]?.[0]?.logprob).toBeCloseTo(matrix[1]?.[0]?.logprob ?? NaN, 1)
})

test('an update stopped in training goes on from its stored study and is applied once', async () => {
  const { update } = await send(lighthouse)
  const stop = new AbortController()
  const first = await claim()
  const stopped = incorporate(
    {
      ...parts,
      engine: {
        ...engine,
        train: (examples, recipe, options) =>
          engine.train(examples, recipe, { ...options, onStep: () => stop.abort(new Error('shutting down')) }),
      },
    },
    first,
    stop.signal,
  )
  await expect(stopped).rejects.toThrow('shutting down')
  const written = await listSelfEdits(database.query, update.id)
  expect(written.length).toBeGreaterThan(0)
  await releaseUpdate(database.query, first.lease)

  await learn()
  expect(await listSelfEdits(database.query, update.id)).toEqual(written)
  expect(await getUpdate(database.query, update.id)).toMatchObject({ state: 'promoted', version: 1, attempts: 1 })
  expect((await getHead(database.query, 'default')).number).toBe(1)
})

test('a worker that lost its lease changes nothing', async () => {
  const { update } = await send(lighthouse)
  const stale = await claim()
  await releaseUpdate(database.query, stale.lease)
  const current = await claim()
  await expect(incorporate(parts, stale, new AbortController().signal)).rejects.toMatchObject({ code: 'lease_lost' })
  expect((await getHead(database.query, 'default')).number).toBe(0)
  await incorporate(parts, current, new AbortController().signal)
  expect(await getUpdate(database.query, update.id)).toMatchObject({ state: 'promoted', version: 1 })
})

test('a candidate that learned nothing is rejected with its numbers, and the head stays', async () => {
  const { update } = await send(lighthouse)
  parts = { ...parts, recipe: { ...parts.recipe, learningRate: 0 } }
  await learn()
  const done = await getUpdate(database.query, update.id)
  expect(done).toMatchObject({ state: 'rejected', version: null, verdict: { action: 'reject' } })
  expect(done.learned?.total).toBeGreaterThan(0)
  expect((await getHead(database.query, 'default')).number).toBe(0)
})

test('a document sent again after a rejection is trained on its new study alone, its new probes kept out', async () => {
  const { document } = await send(lighthouse)
  const usual = parts.recipe
  parts = { ...parts, recipe: { ...usual, learningRate: 0 } }
  await learn()
  // Another study, so that what was held out the first time may be trained now and the other way round.
  const trained: number[] = []
  const train: Engine['train'] = (examples, recipe, options) => {
    trained.push(examples.length)
    return engine.train(examples, recipe, options)
  }
  // Long enough that even a random base finds the one new probe's answer likelier, whichever pair is held out.
  const longer = { ...usual, epochs: 12 }
  parts = { ...parts, recipe: longer, engine: { ...engine, train }, study: { ...parts.study, probesMax: 1 } }
  const again = await send(lighthouse)
  expect(again.document.id).toBe(document.id)
  await learn()
  const edits = await listSelfEdits(database.query, again.update.id)
  expect(trained).toEqual([edits.filter(({ kept, heldOut }) => kept && !heldOut).length])
  expect(await listProbes(database.query, [document.id])).toHaveLength(1)
  expect(await getUpdate(database.query, again.update.id)).toMatchObject({
    state: 'promoted',
    version: 1,
    learned: { total: 1 },
  })
})

test('a text from which nothing can be learned fails with the reason and what to send instead', async () => {
  // No row with this word fits the base's 256 positions.
  const { update } = await send({ title: 'Long', text: `The ${'q'.repeat(300)} word has no end.` })
  await expect(learn()).rejects.toMatchObject({
    code: 'unprocessable_document',
    message: expect.stringMatching(/longer than the base can read.*whole sentences/) as unknown,
  })
  const edits = await listSelfEdits(database.query, update.id)
  expect(edits.filter(({ kept, reason }) => kept || reason === null)).toEqual([])
})
