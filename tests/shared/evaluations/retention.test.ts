import { afterEach, beforeEach, expect, test } from 'vitest'
import { getRetention, retentionSchema } from '../../../shared/evaluations/retention.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { claimNext, evaluate, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

/** Posts a document and promotes it; `older` says how many probes of the older documents are answered. */
async function learn(name: string, parent: number, own: number, older: Record<string, number> = {}): Promise<string> {
  const { document } = await postDocument(loop.database, name)
  await promoteClaim(loop.database, await claimNext(loop.database), parent, { ...older, [document.id]: own })
  return document.id
}

const counts = (matrix: ({ correct: number } | null)[][]): (number | null)[][] =>
  matrix.map((row) => row.map((cell) => cell?.correct ?? null))

test('before anything is learned there is the row of the base and no figure', async () => {
  expect(await getRetention(loop.database.query, 'default')).toEqual({
    object: 'retention',
    model: 'default',
    head: 0,
    versions: [0],
    documents: [],
    matrix: [[]],
    acc: null,
    bwt: null,
    forgetting: null,
    learned: null,
    base: null,
    retained: null,
  })
  await expect(getRetention(loop.database.query, 'other')).rejects.toMatchObject({ code: 'not_found' })
})

test('the matrix has a row for each version and a column for each document, row 0 the base, complete below', async () => {
  const mill = await learn('Mill', 0, 2)
  const tower = await learn('Tower', 1, 1, { [mill]: 2 })
  const quay = await learn('Quay', 2, 2, { [mill]: 1, [tower]: 1 })
  const retention = await getRetention(loop.database.query, 'default')
  expect(retentionSchema.parse(retention)).toEqual(retention)
  expect(retention.versions).toEqual([0, 1, 2, 3])
  expect(retention.documents).toEqual([
    { id: mill, title: 'Mill', version: 1 },
    { id: tower, title: 'Tower', version: 2 },
    { id: quay, title: 'Quay', version: 3 },
  ])
  expect(counts(retention.matrix)).toEqual([
    [0, 0, 0],
    [2, null, null],
    [2, 1, null],
    [1, 1, 2],
  ])
  expect(retention.matrix[3]?.[0]).toEqual({ correct: 1, total: 2, logprob: -2.25 })
  // At the head .5, .5, 1; just learned 1, .5, 1; the older two lost .5 and 0.
  expect(retention.acc).toBe(0.666667)
  expect(retention.learned).toBe(0.833333)
  expect(retention.base).toBe(0)
  expect(retention.bwt).toBeCloseTo(-0.25)
  expect(retention.forgetting).toBeCloseTo(0.25)
  expect(retention.retained).toBeCloseTo(0.8)
})

test('after a rollback the figures speak of the versions that the head is made of; the others stay in the matrix', async () => {
  const mill = await learn('Mill', 0, 2)
  const tower = await learn('Tower', 1, 2, { [mill]: 0 })
  await rollback(loop.database.query, 'default', 1)
  const back = await getRetention(loop.database.query, 'default')
  expect(back).toMatchObject({ head: 1, acc: 1, learned: 1, bwt: null, forgetting: null, retained: 1 })
  expect(counts(back.matrix)).toEqual([
    [0, 0],
    [2, null],
    [0, 2],
  ])

  const quay = await learn('Quay', 1, 1, { [mill]: 2 })
  const on = await getRetention(loop.database.query, 'default')
  expect(on.documents.map((document) => document.id)).toEqual([mill, tower, quay])
  expect(on.matrix[3]).toEqual([expect.objectContaining({ correct: 2 }), null, expect.objectContaining({ correct: 1 })])
  expect(on).toMatchObject({ head: 3, acc: 0.75, learned: 0.75, bwt: 0, forgetting: 0, retained: 1 })

  await rollback(loop.database.query, 'default', 0)
  expect(await getRetention(loop.database.query, 'default')).toMatchObject({ head: 0, acc: null, retained: null })
})

test('a rejected candidate is in no row and no column', async () => {
  const mill = await learn('Mill', 0, 2)
  const { document } = await postDocument(loop.database, 'Tower')
  const { lease } = await claimNext(loop.database)
  const evaluations = await evaluate(loop.database, { [mill]: 0, [document.id]: 2 })
  await finishUpdate(loop.database.query, lease, { state: 'rejected', evaluations })
  const retention = await getRetention(loop.database.query, 'default')
  expect(counts(retention.matrix)).toEqual([[0], [2]])
})
