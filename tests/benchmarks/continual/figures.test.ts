import { expect, test } from 'vitest'
import { retentionFigures } from '../../../shared/evaluations/retention-figures.ts'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import { figuresOfWay, FIGURES, meanMatrix } from './figures.ts'
import { drawHeatmap } from './heatmap-svg.ts'
import type { Cell, Sequence } from './run-sequence.ts'
import { WAYS } from './ways.ts'

const [way] = WAYS
if (way === undefined) throw new Error('no way to learn')

function sequenceOf(documents: string[], rows: (number | null)[][], seed = 1): Sequence {
  const matrix = rows.map((row) => row.map((correct): Cell | null => (correct === null ? null : { correct, total: 4 })))
  return { way: way as Sequence['way'], seed, documents, matrix, updates: [] }
}

const one = sequenceOf(
  ['a', 'b', 'c'],
  [
    [0, 1, 0],
    [3, null, null],
    [4, 3, null],
    [2, 1, 4],
  ],
)

test("the figures of one sequence are those of the service's retention matrix", () => {
  const figures = figuresOfWay('way', [one])
  const expected = retentionFigures(
    (version, column) => {
      const cell = one.matrix[version]?.[column]
      return cell ? { ...cell, logprob: -1 } : null
    },
    [1, 2, 3],
    [0, 1, 2].map((column) => ({ column, version: column + 1 })),
  )
  for (const name of FIGURES) expect(figures[name].value, name).toBeCloseTo(expected[name] ?? NaN, 10)
})

test('seeds of a document are averaged, documents of all sequences drawn together', () => {
  const other = sequenceOf(
    ['a', 'b', 'c'],
    one.matrix.map((row) => row.map((cell) => cell && Math.max(0, cell.correct - 1))),
    2,
  )
  const far = sequenceOf(
    ['x', 'y'],
    [
      [0, 0],
      [4, null],
      [0, 4],
    ],
  )
  const figures = figuresOfWay('way', [one, other, far])
  expect(figures).toMatchObject({ sequences: 3, documents: 5 })
  // a: (2/4 + 1/4) / 2, b: (1/4 + 0) / 2, c: (4/4 + 3/4) / 2, x: 0, y: 1
  expect(figures.acc.value).toBeCloseTo((0.375 + 0.125 + 0.875 + 0 + 1) / 5, 10)
  expect(figures.bwt.value).toBeCloseTo((-0.25 + -0.5 + -1) / 3, 10)
  expect(figures.acc.interval?.low).toBeLessThan(figures.acc.value ?? 0)
})

test('nothing learned has no share retained', () => {
  expect(
    figuresOfWay('way', [
      sequenceOf(
        ['a', 'b'],
        [
          [1, 1],
          [1, null],
          [1, 1],
        ],
      ),
    ]).retained.value,
  ).toBeNull()
})

test('cells are averaged place by place, and what nobody was asked stays empty', () => {
  const other = sequenceOf(
    ['x', 'y', 'z'],
    [
      [0, 0, 0],
      [1, null, null],
      [0, 1, null],
      [0, 1, 0],
    ],
  )
  expect(meanMatrix([one, other])[1]).toEqual([0.5, null, null])
})

test('the heatmap is well-formed, deeper where more is known, and names no number that does not fit', () => {
  const svg = drawHeatmap('a < b', meanMatrix([one]))
  expect(findXmlFault(svg)).toBeNull()
  const fills = [...svg.matchAll(/fill="rgb\((\d+),/g)].map((match) => Number(match[1]))
  expect(fills).toHaveLength(9)
  expect(fills[4], 'all of document 1 after update 2').toBe(Math.min(...fills))
  expect(svg).toContain('>.75<')
  const long = drawHeatmap(
    'long',
    Array.from({ length: 51 }, () => Array.from({ length: 50 }, () => 0.75)),
  )
  expect(findXmlFault(long)).toBeNull()
  expect(long).not.toContain('>.75<')
})
