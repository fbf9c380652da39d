import { expect, test } from 'vitest'
import { roundFigure } from '../../shared/round-figure.ts'

test('a figure keeps six digits, however small it is, and loses what binary fractions leave behind', () => {
  expect([0.1 + 0.2, 2 / 3, -1.23456789e-9, 1234567, 0].map((value) => roundFigure(value))).toEqual([
    0.3, 0.666667, -1.23457e-9, 1234570, 0,
  ])
  expect(roundFigure(null)).toBeNull()
})
