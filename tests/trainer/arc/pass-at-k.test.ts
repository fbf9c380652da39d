import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passAtK } from '../../../services/trainer/arc/pass-at-k.ts'

/** By trying every choice of k out of the tries. */
function byCounting(tries: number, solved: number, k: number): number {
  let [all, some] = [0, 0]
  for (let chosen = 0; chosen < 2 ** tries; chosen++) {
    const members = Array.from({ length: tries }, (_, index) => index).filter((index) => (chosen >> index) & 1)
    if (members.length !== k) continue
    all++
    if (members.some((index) => index < solved)) some++
  }
  return some / all
}

test('it is the share of all choices of k tries that hold a solved one', () => {
  const cases = fc
    .integer({ min: 1, max: 8 })
    .chain((tries) =>
      fc.tuple(fc.constant(tries), fc.integer({ min: 0, max: tries }), fc.integer({ min: 1, max: tries })),
    )
  fc.assert(
    fc.property(cases, ([tries, solved, k]) => {
      expect(passAtK(tries, solved, k)).toBeCloseTo(byCounting(tries, solved, k), 12)
    }),
    { numRuns: 60 },
  )
})

test('more than was tried cannot be estimated', () => {
  expect(() => passAtK(3, 1, 4)).toThrow(RangeError)
  expect(() => passAtK(3, 1, 0)).toThrow(RangeError)
})
