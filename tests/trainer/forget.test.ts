// Deletion under each strategy, on the tiny base. What it says is noise, so what is shown is exactness: the adapters that
// are left are those of a model that never had the document.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../../services/engine/engine.ts'
import { createAnswerer } from '../../services/inference/answer.ts'
import { createGenerationQueue } from '../../services/inference/generation-queue.ts'
import { deleteDocument } from '../../shared/documents/delete-document.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { getModel } from '../../shared/models/get-model.ts'
import type { SettingsPatch } from '../../shared/models/settings.ts'
import { queueConsolidation } from '../../shared/updates/queue-consolidation.ts'
import { listUpdateEvents } from '../../shared/updates/update-events.ts'
import type { Update } from '../../shared/updates/update.ts'
import { getHead, getVersion } from '../../shared/versions/get-version.ts'
import { documentsTaught, type Manifest } from '../../shared/versions/manifest.ts'
import { rollback } from '../../shared/versions/rollback.ts'
import { openScene, openTinyEngine, type Scene } from './incorporate-scene.ts'
import { bridge, lighthouse, mill } from './passages.ts'

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

const head = (model = 'model') => getHead(scene.database.query, model)
async function manifestOfHead(model = 'model'): Promise<Manifest> {
  const { manifest } = await head(model)
  if (manifest === null) throw new Error('the head is the base')
  return manifest
}

/** A model that was taught these, one update each; the ids of its documents. */
async function teach(model: string, settings: SettingsPatch, documents: (typeof lighthouse)[]): Promise<string[]> {
  await scene.createModel(model, settings)
  const ids: string[] = []
  for (const document of documents) {
    ids.push((await scene.send(model, document)).document.id)
    expect(await scene.work()).toMatchObject({ state: 'promoted' })
  }
  return ids
}

async function forget(id: string): Promise<Update> {
  await deleteDocument(scene.database.query, id)
  return await scene.work()
}

async function answerHead(question: string): Promise<{ answer: string; documents: { id: string }[] }> {
  const answerer = createAnswerer({
    db: scene.database.query,
    store: scene.parts.store,
    engine,
    queue: createGenerationQueue(engine),
    tokensMax: 12,
  })
  const answer = await answerer.answer({ question, model: 'model', version: null, mode: 'closed_book' })
  await answerer.close()
  return answer
}

test('routed: the adapter leaves the manifest, the others stay to the byte, and its questions reach the bare base', async () => {
  const [gone = '', stays = ''] = await teach('model', {}, [lighthouse, bridge])
  const before = await manifestOfHead()
  const answered = await answerHead('Who guards the bridge of Olm?')
  const { id: modelId } = await getModel(scene.database.query, 'model')
  const base = (await findEvaluations(scene.database.query, modelId, 0)).get(gone)

  const update = await forget(gone)
  expect(update).toMatchObject({
    kind: 'forget',
    state: 'promoted',
    version: 3,
    document_ids: [gone],
    trained_tokens: 0,
    learned: null,
    retained: { total: 1 },
    forgotten: { after: base?.correct, total: 2, base: base?.correct },
    verdict: { action: 'promote', regressed: false, gains: 0, losses: 0 },
  })
  expect(update.verdict?.reason).toMatch(/^forgotten: \d of 2 of its questions still answered, \d before$/)
  const manifest = await manifestOfHead()
  expect(manifest.adapters).toEqual(before.adapters.filter(({ document }) => document === stays))
  expect(manifest.router).toEqual(before.router)
  expect((await answerHead('Who built the lamp of Varn?')).documents).toEqual([])
  expect(await answerHead('Who guards the bridge of Olm?')).toMatchObject({ answer: answered.answer })
  // Its questions are as likely as they are to the base, and no later update will ask them.
  const { rows } = await scene.database.pool.query<{ logprob: number }>(
    'select logprob from evaluations where update_id = $1 and document_id = $2 and version is null',
    [update.id, gone],
  )
  expect(rows[0]?.logprob).toBeCloseTo(base?.logprob ?? NaN, 3)
  expect([...(await findEvaluations(scene.database.query, modelId, 3)).keys()]).toEqual([stays])
  const events = await listUpdateEvents(scene.database.query, update.id, 0)
  expect(events.find(({ type }) => type === 'forgotten')?.data).toEqual(update.forgotten)
})

test('replay: the adapter is the one of a model that never had the document', async () => {
  const settings = { strategy: 'replay' } as const
  const [, gone = ''] = await teach('model', settings, [bridge, lighthouse])
  await teach('other', settings, [bridge])
  const update = await forget(gone)
  expect(update).toMatchObject({ state: 'promoted', version: 3, forgotten: { total: 2 }, retained: { total: 1 } })
  expect(update.trained_tokens).toBeGreaterThan(0)
  const [only] = (await manifestOfHead()).adapters
  expect(only?.sha256).toBe((await manifestOfHead('other')).adapters[0]?.sha256)
})

test('sequential: what was trained on top of the document is trained again, what came before it stays', async () => {
  const settings = { strategy: 'sequential', gate: { reject_on_regression: false } } as const
  const [first = '', gone = '', last = ''] = await teach('model', settings, [bridge, lighthouse, mill])
  await teach('other', settings, [bridge, mill])
  const before = await manifestOfHead()
  expect(await forget(gone)).toMatchObject({ state: 'promoted', version: 4, forgotten: { total: 2 } })
  const manifest = await manifestOfHead()
  expect(manifest.adapters.map(({ document }) => document)).toEqual([first, last])
  expect(manifest.adapters[0]).toEqual(before.adapters[0])
  const never = (await manifestOfHead('other')).adapters.map(({ sha256 }) => sha256)
  expect(manifest.adapters.map(({ sha256 }) => sha256)).toEqual(never)
})

test('an adapter of several documents is trained anew without the one, beside adapters that stay', async () => {
  const [gone = '', stays = ''] = await teach('model', {}, [lighthouse, bridge])
  await queueConsolidation(scene.database.query, 'model')
  await scene.work()
  const { document: third } = await scene.send('model', mill)
  await scene.work()
  const before = await manifestOfHead()
  expect(await forget(gone)).toMatchObject({ state: 'promoted', version: 5 })
  const manifest = await manifestOfHead()
  expect([...documentsTaught(manifest)].sort()).toEqual([stays, third.id].sort())
  const own = (entries: Manifest['adapters']) => entries.find(({ document }) => document === third.id)
  expect(own(manifest.adapters)).toEqual(own(before.adapters))
  const several = manifest.adapters.find(({ document }) => document === null)
  expect(several?.documents).toEqual([stays])
  expect(before.adapters.map(({ sha256 }) => sha256)).not.toContain(several?.sha256)
})

test('without its last document a model answers from the base, and learns again', async () => {
  const [only = ''] = await teach('model', { strategy: 'replay' }, [lighthouse])
  expect(await forget(only)).toMatchObject({ state: 'promoted', version: 2, retained: null })
  expect((await manifestOfHead()).adapters).toEqual([])
  expect((await answerHead('Who built the lamp of Varn?')).documents).toEqual([])
  const again = await scene.send('model', lighthouse)
  expect(again).toMatchObject({ created: true })
  expect(again.document.id).not.toBe(only)
  expect(await scene.work()).toMatchObject({ state: 'promoted', version: 3 })
  expect(documentsTaught(await manifestOfHead())).toEqual([again.document.id])
})

test('a document that a rollback brings back can be deleted again; one that no version holds leaves without a version', async () => {
  const [gone = ''] = await teach('model', {}, [lighthouse, bridge])
  await forget(gone)
  await expect(deleteDocument(scene.database.query, gone)).rejects.toMatchObject({ code: 'not_found' })
  await rollback(scene.database.query, 'model', 2)
  expect(documentsTaught(await manifestOfHead())).toContain(gone)
  expect(await forget(gone)).toMatchObject({ state: 'promoted', version: 4 })
  expect(documentsTaught(await manifestOfHead())).not.toContain(gone)

  const { document } = await scene.send('model', mill)
  const update = await forget(document.id)
  expect(update).toMatchObject({ state: 'promoted', version: 4, verdict: null, forgotten: null })
  await expect(getVersion(scene.database.query, 'model', 5)).rejects.toMatchObject({ code: 'not_found' })
})
