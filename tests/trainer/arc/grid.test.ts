import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsRight, formatGrid, gridSchema, parseGrid } from '../../../services/trainer/arc/grid.ts'
import { anyGrid } from './arbitrary.ts'

test('a grid that was written is read as it was', () => {
  fc.assert(
    fc.property(anyGrid(), (grid) => {
      expect(parseGrid(formatGrid(grid), 6)).toEqual(grid)
    }),
  )
})

test('any text is a grid that is written as this text, or a named fault', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9\n]{0,20}$/))
  fc.assert(
    fc.property(text, (written) => {
      const read = parseGrid(written, 9)
      if (typeof read === 'string') expect(read).toMatch(/^(empty|not_a_cell|unfinished_row|ragged|too_large)$/)
      else expect(formatGrid(read)).toBe(written)
    }),
  )
})

test.each([
  ['', 'empty'],
  ['1a\n', 'not_a_cell'],
  ['1 2\n', 'not_a_cell'],
  ['12\n34', 'unfinished_row'],
  ['12\n3\n', 'ragged'],
  ['12\n\n34\n', 'ragged'],
  ['\n', 'ragged'],
  ['1111\n', 'too_large'],
  ['1\n1\n1\n1\n', 'too_large'],
])('%j is refused as %s', (text, fault) => expect(parseGrid(text, 3)).toBe(fault))

test('a file with a ragged or empty grid, or with another colour, is refused', () => {
  for (const grid of [[[1, 2], [3]], [], [[]], [[10]], [[-1]], [[0.5]]])
    expect(gridSchema.safeParse(grid).success).toBe(false)
})

test('the share of right cells is 1 for the grid itself only, 0 for another shape', () => {
  fc.assert(
    fc.property(anyGrid(3), anyGrid(3), (one, other) => {
      expect(cellsRight(one, one)).toBe(1)
      if (formatGrid(one) !== formatGrid(other)) expect(cellsRight(one, other)).toBeLessThan(1)
      if (one.length !== other.length) expect(cellsRight(one, other)).toBe(0)
    }),
  )
  expect(cellsRight([[1, 2]], [[1, 3]])).toBe(0.5)
})
