import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TrainingExample } from '../../../services/engine/engine.ts'
import { chooseRows, tokensOf, type DocumentRows } from '../../../services/trainer/strategies/choose-rows.ts'

/** Rows of these lengths; every token tells document and row. */
const documentOf = (index: number, lengths: readonly number[]): DocumentRows => ({
  documentId: `doc_${index}`,
  rows: lengths.map((length, row) => ({ tokens: new Array<number>(length).fill(100 * index + row), lossFrom: 1 })),
})
const ofDocument = (rows: readonly TrainingExample[], index: number) =>
  rows.filter(({ tokens }) => Math.floor((tokens[0] ?? -1) / 100) === index)

const documents = fc
  .array(fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 8 })
  .map((lengths) => lengths.map((own, index) => documentOf(index, own)))

test('the budget is never exceeded, whatever the documents', () => {
  fc.assert(
    fc.property(documents, fc.integer({ min: 0, max: 3000 }), fc.integer(), (all, tokensMax, seed) => {
      const rows = chooseRows(all, { whole: ['doc_0'], tokensMax, seed })
      expect(tokensOf(rows)).toBeLessThanOrEqual(tokensMax)
      expect(new Set(rows.map(({ tokens }) => tokens[0])).size).toBe(rows.length)
      if (tokensOf(all.flatMap((one) => one.rows)) <= tokensMax) expect(rows).toEqual(all.flatMap((one) => one.rows))
    }),
  )
})

test('the newest document comes whole, the older ones share what is left evenly', () => {
  const all = [0, 1, 2, 3].map((index) => documentOf(index, new Array<number>(20).fill(10)))
  const rows = chooseRows(all, { whole: ['doc_3'], tokensMax: 500, seed: 1 })
  expect([0, 1, 2, 3].map((index) => tokensOf(ofDocument(rows, index)))).toEqual([100, 100, 100, 200])
})

test('a document smaller than its share leaves the rest to the others', () => {
  const all = [documentOf(0, [10]), documentOf(1, new Array<number>(20).fill(10)), documentOf(2, [])]
  const rows = chooseRows(all, { whole: [], tokensMax: 110, seed: 1 })
  expect(tokensOf(ofDocument(rows, 1))).toBe(100)
})

test('what a smaller budget rehearses of a document is a part of what a larger one does', () => {
  const all = [documentOf(0, new Array<number>(30).fill(10))]
  const large = chooseRows(all, { whole: [], tokensMax: 200, seed: 7 })
  const small = chooseRows(all, { whole: [], tokensMax: 90, seed: 7 })
  expect(small).toHaveLength(9)
  for (const row of small) expect(large).toContainEqual(row)
})

test('another seed rehearses other rows', () => {
  const all = [documentOf(0, new Array<number>(30).fill(10))]
  const [one, two] = [1, 2].map((seed) => chooseRows(all, { whole: [], tokensMax: 100, seed }))
  expect(one).not.toEqual(two)
})
