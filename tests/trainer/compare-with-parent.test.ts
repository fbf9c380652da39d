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

interface Turn {
  reaskedMax: number
  /** Versions so far. */
  number?: number
  /** Whether the update is about the document. */
  own?: boolean
}

/** Questions that now have another likelihood than the parent's, so were asked again. */
async function findAsked({ reaskedMax, number = 1, own = false }: Turn): Promise<string[]> {
  const db = scene.database.query
  const parent = { ...(await loadParent(db, await getModel(db, 'model'))), number }
  const documentIds = parent.evaluations.map(({ documentId }) => documentId)
  const probes = await listProbes(db, documentIds)
  const { manifest, router } = parent
  const { evaluations } = await compareWithParent(
    scene.parts,
    parent,
    { manifest, router, trained: new Map() },
    {
      ...{ probes, own: own ? documentIds : [], alpha: 0.05, reaskedMax },
      ...{ onProgress: () => undefined, signal: new AbortController().signal },
    },
  )
  const answersOf = (of: typeof evaluations) => of.flatMap(({ answers }) => answers)
  const before = new Map(answersOf([...parent.evaluations]).map(({ probeId, logprob }) => [probeId, logprob]))
  const after = answersOf(evaluations)
  expect(after).toHaveLength(gates.questions.length)
  return after.filter(({ probeId, logprob }) => before.get(probeId) !== logprob).map(({ probeId }) => probeId)
}

test('where nothing is asked again the answers are those of the parent', async () => {
  expect(await findAsked({ reaskedMax: 0 })).toEqual([])
})

test('every question has its turn within so many updates, however few are asked again each time', async () => {
  const turns: string[][] = []
  for (const number of [1, 2, 3]) turns.push(await findAsked({ reaskedMax: 2, number }))
  for (const asked of turns) expect(asked).toHaveLength(2)
  expect(new Set(turns.flat()).size).toBe(gates.questions.length)
})

test('a model of few questions is asked them all after every update', async () => {
  for (const number of [1, 2]) expect(await findAsked({ reaskedMax: 100, number })).toHaveLength(gates.questions.length)
})

test('the document that an update is about is asked about in any case', async () => {
  expect(await findAsked({ reaskedMax: 0, own: true })).toHaveLength(gates.questions.length)
})
