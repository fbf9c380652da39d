import { expect, test } from 'vitest'
import { halve } from '../../../services/trainer/practice/halving.ts'

test('every arm is tried shortly, the better half longer, the last two in full', async () => {
  const worth = [3, 9, 1, 7, 5, 2, 8, 4]
  const asked: [number[], number][] = []
  const { best, rungs } = await halve(worth.length, async (arms, effort) => {
    asked.push([[...arms], effort])
    return arms.map((arm) => worth[arm] ?? 0)
  })
  expect(best).toBe(1)
  expect(asked).toEqual([
    [[0, 1, 2, 3, 4, 5, 6, 7], 0.25],
    [[1, 6, 3, 4], 0.5],
    [[1, 6], 1],
  ])
  expect(rungs.at(-1)?.scores.map(({ arm }) => arm)).toEqual([1, 6])
})

test('an arm that starts slowly wins if it lasts until it is trained in full', async () => {
  const { best } = await halve(3, async (arms, effort) => arms.map((arm) => (arm === 2 ? 5 * effort : 3 - arm)))
  expect(best).toBe(2)
})

test('a lone arm is measured once, in full', async () => {
  const { best, rungs } = await halve(1, async () => [0.1])
  expect([best, rungs.map(({ effort }) => effort)]).toEqual([0, [1]])
})

test('of equals the earlier stays, and one without a measure falls out', async () => {
  expect((await halve(4, async (arms) => arms.map((arm) => (arm === 0 ? -Infinity : 1)))).best).toBe(1)
})
