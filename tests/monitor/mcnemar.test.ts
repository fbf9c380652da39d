import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mcnemar } from '../../services/monitor/mcnemar.ts'

describe('the exact one-sided McNemar test', () => {
  test('gives the tail of a fair coin', () => {
    expect(mcnemar(5, 0)).toBeCloseTo(1 / 32, 12)
    expect(mcnemar(4, 0)).toBeCloseTo(1 / 16, 12)
    expect(mcnemar(3, 1)).toBeCloseTo(5 / 16, 12)
    expect(mcnemar(0, 7)).toBe(1)
  })

  test('finds nothing where nothing changed', () => {
    expect(mcnemar(0, 0)).toBe(1)
  })

  test('agrees with counting every sequence of flips', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), (losses, gains) => {
        const changed = losses + gains
        let atLeast = 0
        for (let flips = 0; flips < 2 ** changed; flips++)
          if ([...flips.toString(2)].filter((bit) => bit === '1').length >= losses) atLeast++
        expect(mcnemar(losses, gains)).toBeCloseTo(atLeast / 2 ** changed, 12)
      }),
    )
  })

  test('stays a probability for thousands of questions', () => {
    expect(mcnemar(3000, 3000)).toBeGreaterThan(0.5)
    expect(mcnemar(3000, 3000)).toBeLessThan(0.51)
    expect(mcnemar(3200, 2800)).toBeGreaterThan(0)
    expect(mcnemar(3200, 2800)).toBeLessThan(1e-6)
  })

  test('refuses what is no count', () => {
    expect(() => mcnemar(-1, 2)).toThrow(/-1/)
    expect(() => mcnemar(1.5, 2)).toThrow(/1.5/)
  })
})
