import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findScale, SCALE_MIN } from '../../services/monitor/find-scale.ts'

/** A candidate that forgets too much above `limit`; what it was measured at is kept. */
function candidate(limit: number) {
  const tried: number[] = []
  const measureAt = async (scale: number) => {
    tried.push(scale)
    return { withinBudget: scale <= limit, at: scale }
  }
  return { tried, measureAt }
}

test('the scale found is within budget and a step of .03 further would not be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: SCALE_MIN, max: 0.999, noNaN: true }), async (limit) => {
      const { measureAt, tried } = candidate(limit)
      const found = await findScale(measureAt)
      expect(found?.measured).toEqual({ withinBudget: true, at: found?.scale })
      expect(found?.scale).toBeLessThanOrEqual(limit)
      expect(found?.scale).toBeGreaterThan(limit - 0.9 / 2 ** 5 - 1e-9)
      expect(tried.length).toBeLessThanOrEqual(6)
    }),
  )
})

test('nothing is found for a candidate that forgets too much at a tenth of its strength', async () => {
  const { measureAt, tried } = candidate(0.09)
  expect(await findScale(measureAt)).toBeUndefined()
  expect(Math.min(...tried)).toBe(SCALE_MIN)
})
