// An update with a review, on the tiny base: it stops after its study and trains what the review left, to the row.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Engine, TrainingExample } from '../../services/engine/engine.ts'
import { exampleOf } from '../../services/trainer/study/write-self-edits.ts'
import { createDocument } from '../../shared/documents/create-document.ts'
import { listSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import { approveUpdate } from '../../shared/updates/approve-update.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { documentsTaught } from '../../shared/versions/manifest.ts'
import { openScene, openTinyEngine, type Scene } from './incorporate-scene.ts'
import { bridge, lighthouse } from './passages.ts'

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

test('it waits after its study and, approved, trains exactly what the review left', async () => {
  const { query } = scene.database
  await scene.createModel('model', {})
  const { document } = await createDocument(query, { model: 'model', ...lighthouse, review: true })
  const studied = await scene.work()
  expect(studied).toMatchObject({ state: 'awaiting_review', version: null, trained_tokens: 0 })
  expect(studied.generated_tokens).toBeGreaterThan(0)
  expect(studied.trained_tokens_max).toBe(12_000)
  expect((await getHead(query, 'model')).number).toBe(0)

  // Another document does not wait for the reviewer.
  const other = await scene.send('model', bridge)
  expect(await scene.work()).toMatchObject({ state: 'promoted', version: 1 })

  const kept = (await listSelfEdits(query, studied.id)).filter((edit) => edit.kept && !edit.heldOut)
  const [dropped, reworded] = kept
  await approveUpdate(query, studied.id, [
    { id: dropped?.id ?? '', kept: false },
    { id: reworded?.id ?? '', completion: 'a lens from Brenn' },
    { prompt: 'Who keeps the lamp of Varn?', completion: 'Teo Marsh' },
  ])
  const trained: TrainingExample[] = []
  scene.parts.engine = {
    ...engine,
    train: (examples, recipe, options) => {
      trained.push(...examples)
      return engine.train(examples, recipe, options)
    },
  }
  const done = await scene.work()
  scene.parts.engine = engine
  expect(done).toMatchObject({ id: studied.id, state: 'promoted', version: 2 })
  expect(done.generated_tokens).toBe(studied.generated_tokens)
  expect(done.timings_ms['studying']).toBeGreaterThanOrEqual(studied.timings_ms['studying'] ?? NaN)
  expect(Object.keys(done.timings_ms).sort()).toEqual(['evaluating', 'studying', 'training'])
  const wanted = [
    ...kept.slice(1).map((edit) => (edit.id === reworded?.id ? { ...edit, completion: 'a lens from Brenn' } : edit)),
    { prompt: 'Who keeps the lamp of Varn?', completion: 'Teo Marsh' },
  ]
  const rowOf = ({ tokens }: Pick<TrainingExample, 'tokens'>) => [...tokens].join()
  expect(trained.map(rowOf).sort()).toEqual(wanted.map((edit) => rowOf(exampleOf(engine, edit))).sort())
  const { manifest } = await getHead(query, 'model')
  expect(documentsTaught(manifest)).toEqual([other.document.id, document.id])
})
