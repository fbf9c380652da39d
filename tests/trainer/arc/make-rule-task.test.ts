import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../services/engine/random.ts'
import { gridSchema, sameGrid, sideOf } from '../../../services/trainer/arc/grid.ts'
import { makeRuleTask } from '../../../services/trainer/arc/make-rule-task.ts'
import { RULES } from '../../../services/trainer/arc/rules.ts'

test('a task is made of grids within the side, shows its rule at least twice, and its test is new', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 6, max: 9 }), (seed, sideMax) => {
      const { demonstrations, pair } = makeRuleTask(createRandom(seed), sideMax)
      for (const { input, output } of [...demonstrations, pair]) {
        expect(gridSchema.safeParse(input).success && gridSchema.safeParse(output).success).toBe(true)
        expect(Math.max(sideOf(input), sideOf(output))).toBeLessThanOrEqual(sideMax)
        expect(sameGrid(input, output)).toBe(false)
      }
      expect(demonstrations.length).toBeGreaterThanOrEqual(2)
      expect(demonstrations.some(({ input }) => sameGrid(input, pair.input))).toBe(false)
    }),
    { numRuns: 500 },
  )
})

test('every rule is drawn', () => {
  const random = createRandom(1)
  const drawn = new Set(Array.from({ length: 600 }, () => makeRuleTask(random, 9).rule))
  expect([...drawn].toSorted()).toEqual(Object.keys(RULES).toSorted())
})

test('the same seed makes the same task', () => {
  expect(makeRuleTask(createRandom(7), 9)).toEqual(makeRuleTask(createRandom(7), 9))
})

/** Inputs and what the plainest form of a rule makes of them, by hand. */
test.each<[string, number[][], number[][]]>([
  [
    'fall',
    [
      [1, 0],
      [0, 2],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 0],
      [1, 2],
    ],
  ],
  [
    'crop',
    [
      [0, 0, 0],
      [0, 3, 4],
      [0, 0, 5],
    ],
    [
      [3, 4],
      [0, 5],
    ],
  ],
  [
    'negative',
    [
      [3, 0],
      [0, 0],
    ],
    [
      [0, 3],
      [3, 3],
    ],
  ],
  [
    'complete',
    [
      [1, 2, 0, 0],
      [0, 5, 0, 0],
    ],
    [
      [1, 2, 2, 1],
      [0, 5, 5, 0],
    ],
  ],
])('%s does what its name says', (rule, input, output) => {
  expect(RULES[rule]?.(createRandom(1), 9).output(input)).toEqual(output)
})
