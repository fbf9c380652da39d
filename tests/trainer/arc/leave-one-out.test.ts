import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Grid } from '../../../services/trainer/arc/grid.ts'
import { sideOf } from '../../../services/trainer/arc/grid.ts'
import { leaveOneOut, makeLessons } from '../../../services/trainer/arc/leave-one-out.ts'
import { samePair } from '../../../services/trainer/arc/task.ts'
import type { Tool } from '../../../services/trainer/arc/transforms.ts'
import { anyDemonstrations } from './arbitrary.ts'

const anyTools = fc.subarray<Tool>(['basic', 'size', 'chain', 'repeat'])
const options = { tools: ['basic', 'size', 'chain', 'repeat'] as Tool[], sideMax: 9, seed: 1 }

/** Pairs whose inputs have colours 1 to 4 and whose outputs are a cell of 5 to 8 each, no two alike. */
const marked = [5, 6, 7, 8].map((colour, index) => ({ input: [[index + 1, 0]], output: [[colour]] }))

test('each demonstration is held out once, and nothing shows it', () => {
  fc.assert(
    fc.property(anyDemonstrations, (demonstrations) => {
      const lessons = leaveOneOut(demonstrations)
      expect(lessons.map(({ pair }) => pair)).toEqual(demonstrations)
      for (const { demonstrations: shown, pair } of lessons)
        expect(shown.some((other) => samePair(other, pair))).toBe(false)
    }),
  )
})

test('whatever the tools, the held-out output is in none of the demonstrations of its lesson', () => {
  fc.assert(
    fc.property(anyTools, fc.nat(), (tools, seed) => {
      for (const { demonstrations, pair } of makeLessons(marked, { tools, sideMax: 9, seed })) {
        const colour = pair.output[0]?.[0]
        expect(demonstrations.flatMap(({ output }) => output.flat())).not.toContain(colour)
        expect(demonstrations).toHaveLength(marked.length - 1)
      }
    }),
    { numRuns: 20 },
  )
})

test('the lessons are those of the task first, then once more each in other colours and order', () => {
  const lessons = makeLessons(marked, { ...options, tools: [] })
  expect(lessons.slice(0, 4)).toEqual(leaveOneOut(marked))
  expect(lessons).toHaveLength(8)
  expect(makeLessons(marked, { ...options, tools: ['basic'] })).toHaveLength(2 * 4 * 8)
})

test('the same seed makes the same lessons, another seed others', () => {
  expect(makeLessons(marked, options)).toEqual(makeLessons(marked, options))
  expect(makeLessons(marked, options)).not.toEqual(makeLessons(marked, { ...options, seed: 2 }))
})

test('no grid of a lesson is larger than allowed', () => {
  fc.assert(
    fc.property(anyDemonstrations, fc.integer({ min: 1, max: 9 }), (demonstrations, sideMax) => {
      const grids = makeLessons(demonstrations, { ...options, sideMax }).flatMap(({ demonstrations: shown, pair }) =>
        [...shown, pair].flatMap(({ input, output }): Grid[] => [input, output]),
      )
      expect(Math.max(0, ...grids.map(sideOf))).toBeLessThanOrEqual(sideMax)
    }),
  )
})
