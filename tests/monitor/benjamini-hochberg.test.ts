import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../services/engine/random.ts'
import { adjustPValues } from '../../services/monitor/benjamini-hochberg.ts'

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })

describe('Benjamini-Hochberg', () => {
  test('adjusts as in the worked example of the 1995 paper: four of fifteen at .05', () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ]
    expect(adjustPValues(published).filter((rate) => rate <= 0.05)).toHaveLength(4)
  })

  test('rejects what the step-up rule rejects, at every rate', () => {
    fc.assert(
      fc.property(pValues, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b)
        const k = sorted.findLastIndex((p, index) => (p * values.length) / (index + 1) <= q) + 1
        expect(adjustPValues(values).filter((rate) => rate <= q)).toHaveLength(k)
      }),
    )
  })

  test('keeps the order of the p-values, and none becomes surer', () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = adjustPValues(values)
        values.forEach((p, index) => {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p * (1 - 1e-12))
          expect(adjusted[index]).toBeLessThanOrEqual(1)
          values.forEach((other, at) => {
            if (p < other) expect(adjusted[index]).toBeLessThanOrEqual((adjusted[at] ?? 1) * (1 + 1e-12))
          })
        })
      }),
    )
  })

  test('keeps the share of wrong discoveries below q where half the hypotheses are true', () => {
    const random = createRandom(3)
    const trials = 2_000
    let share = 0
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: 20 }, (_, index) => (index < 10 ? random() : random() ** 6))
      const named = adjustPValues(values).flatMap((rate, index) => (rate <= 0.1 ? [index] : []))
      share += named.filter((index) => index < 10).length / Math.max(1, named.length)
    }
    expect(share / trials).toBeLessThan(0.1)
    expect(share / trials).toBeGreaterThan(0.02)
  })

  test('of nothing is nothing', () => {
    expect(adjustPValues([])).toEqual([])
  })
})
