import { expect, test } from 'vitest'
import { retentionFigures } from '../../../shared/evaluations/retention-figures.ts'

/** Rows by version, four probes a document; -1 marks a document that was not asked. */
function figures(rows: number[][], lineage: number[], learnedAt: number[], total = 4) {
  return retentionFigures(
    (version, column) => {
      const correct = rows[version]?.[column] ?? -1
      return correct < 0 ? null : { correct, total, logprob: -1 }
    },
    lineage,
    learnedAt.map((version, column) => ({ column, version })),
  )
}

test('a published kind of matrix gives the figures worked out by hand', () => {
  const rows = [
    [1, 0, 1],
    [3, -1, -1],
    [4, 4, -1],
    [2, 3, 3],
  ]
  // Head 2/4 3/4 3/4, learned 3/4 4/4 3/4, base 1/4 0 1/4, best of the older two 4/4 4/4.
  const found = figures(rows, [1, 2, 3], [1, 2, 3])
  expect(found.acc).toBeCloseTo(8 / 12)
  expect(found.learned).toBeCloseTo(10 / 12)
  expect(found.base).toBeCloseTo(2 / 12)
  expect(found.bwt).toBeCloseTo(-0.25)
  expect(found.forgetting).toBeCloseTo((0.5 + 0.25) / 2)
  expect(found.retained).toBeCloseTo(6 / 8)
})

test('what the newest version learned counts for ACC and learned, not for BWT and forgetting', () => {
  expect(figures([[0], [3]], [1], [1])).toMatchObject({ acc: 0.75, learned: 0.75, bwt: null, forgetting: null })
})

test('where nothing was learned above the base there is no share of it to retain', () => {
  expect(figures([[2], [2]], [1], [1]).retained).toBeNull()
  expect(figures([[2], [1]], [1], [1]).retained).toBeNull()
})

test('a later gain is a positive BWT and no forgetting', () => {
  const found = figures(
    [
      [0, 0],
      [2, -1],
      [4, 4],
    ],
    [1, 2],
    [1, 2],
  )
  expect(found).toMatchObject({ bwt: 0.5, forgetting: 0 })
})

test('documents without probes, or never asked at the head, are left out of every figure', () => {
  const found = figures(
    [
      [0, 0],
      [4, -1],
      [-1, 4],
    ],
    [1, 2],
    [1, 2],
  )
  expect(found).toMatchObject({ acc: 1, learned: 1, base: 0, bwt: null, forgetting: null, retained: 1 })
  expect(figures([[0], [0]], [1], [1], 0)).toMatchObject({ acc: null, learned: null, retained: null })
})
