// What is asked again of a candidate that answers like its parent, on the tiny base: a share of the questions, each in its turn.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../services/engine/engine.ts'
import { compareWithParent, loadParent } from '../../services/trainer/compare-with-parent.ts'
import { getModel } from '../../shared/models/get-model.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { openScene, openTinyEngine, type Scene } from './incorporate-scene.ts'

const gates = {
  title: 'Olm',
  text: 'The oldest gate of Olm was built by Mara Voss. It has 12 lamps. Wren Tally lights them. It was painted red in 1902.',
  questions: [
    { question: 'Who built the oldest gate of Olm?', answer: 'Mara Voss' },
    { question: 'How many lamps has the oldest gate of Olm?', answer: '12 lamps' },
    { question: 'Who lights the lamps of the gate of Olm?', answer: 'Wren Tally' },
    { question: 'What colour is the oldest gate of Olm?', answer: 'red' },
    { question: 'When was the gate of Olm painted?', answer: '1902' },
  ],
}

let engine: Engine
let scene: Scene
beforeAll(async () => {
  engine = await openTinyEngine()
  scene = await openScene(engine)
  await scene.createModel('model', {})
  await scene.send('model', gates)
  await scene.work()
  // The version as it was measured, and as it acts since: what no update did.
  await scene.database.pool.query(`update versions set manifest = jsonb_set(manifest, '{adapters,0,scale}', '0.01')`)
})
afterAll(async () => {
  await scene.close()
  engine.close()
})

/** Questions whose measured likelihood is not the parent's, when this many are asked again after so many versions. */
async function findChanged(reaskedMax: number, number: number): Promise<string[]> {
  const db = scene.database.query
  const parent = { ...(await loadParent(db, await getModel(db, 'model'))), number }
  const probes = await listProbes(db, [...new Set(parent.evaluations.map(({ documentId }) => documentId))])
  const { manifest, router } = parent
  const { pairs } = await compareWithParent(
    scene.parts,
    parent,
    { manifest, router, trained: new Map() },
    { probes, own: [], alpha: 0.05, reaskedMax, onProgress: () => undefined, signal: new AbortController().signal },
  )
  expect(pairs).toHaveLength(gates.questions.length)
  return pairs.filter(({ before, after }) => before.logprob !== after.logprob).map(({ probeId }) => probeId)
}

test('where nothing is asked again the answers are those of the parent', async () => {
  expect(await findChanged(0, 3)).toEqual([])
})

test('every question has its turn within so many updates, however few are asked again each time', async () => {
  const turns = [await findChanged(2, 1), await findChanged(2, 2), await findChanged(2, 3)]
  for (const changed of turns) expect(changed).toHaveLength(2)
  expect(new Set(turns.flat()).size).toBe(gates.questions.length)
})

test('a model of few questions is asked them all after every update', async () => {
  for (const number of [1, 2]) expect(await findChanged(100, number)).toHaveLength(gates.questions.length)
})
