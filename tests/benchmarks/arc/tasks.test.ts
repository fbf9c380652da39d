import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { isHeldOut } from '../../../services/trainer/arc/held-out.ts'
import { makeGridLessons } from '../../../services/trainer/arc/grid-lessons.ts'
import { formatGrid } from '../../../services/trainer/arc/grid.ts'
import { findDataPath, missingData } from '../../support/reference-data.ts'
import { readArcTasks } from './tasks.ts'

const pool = findDataPath('arc/pool.json')

test.skipIf(pool === undefined)(`at least 20 tasks of the pool are held out (${missingData('arc/pool.json')})`, () => {
  const folder = dirname(pool ?? '')
  const { practice, evaluation } = readArcTasks(folder, { count: 20, sideMax: 9 })
  expect(evaluation.filter(({ id }) => isHeldOut(id)).length).toBeGreaterThanOrEqual(20)
  const rehearsed = new Set(practice.map(({ id }) => id))
  expect(evaluation.some(({ id }) => rehearsed.has(id))).toBe(false)
  expect(new Set(evaluation.map(({ id }) => id)).size).toBe(evaluation.length)
  expect(() => readArcTasks(folder, { count: 1000, sideMax: 9 })).toThrow(/--tasks must be at most/)
})

test('every lesson of the grid adapter comes from the tasks that were given, turned and recoloured, or from a rule', () => {
  const marked = { input: [[1, 2, 3, 4, 5, 6, 7, 8, 9]], output: [[9, 8, 7, 6, 5, 4, 3, 2, 1]] }
  const other = { input: [[1, 1, 1, 1, 1, 1, 1, 1, 1]], output: [[2, 2, 2, 2, 2, 2, 2, 2, 2]] }
  const given = [{ id: 'given', demonstrations: [marked], tests: [other] }]
  const lessons = makeGridLessons(given, { count: 40, realShare: 1, sideMax: 9, seed: 1 })
  for (const { pair, demonstrations } of lessons) {
    const cells = [...demonstrations, pair].map(({ input }) => formatGrid(input).replaceAll('\n', '').length)
    expect(cells).toEqual([9, 9])
  }
  expect(new Set(lessons.map(({ pair }) => formatGrid(pair.input))).size).toBeGreaterThan(10)
  const mixed = makeGridLessons(given, { count: 200, realShare: 0.3, sideMax: 9, seed: 1 })
  const real = mixed.filter(({ demonstrations }) => demonstrations.length === 1).length
  expect(real).toBeGreaterThan(30)
  expect(real).toBeLessThan(90)
})
