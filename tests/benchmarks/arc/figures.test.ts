import { expect, test } from 'vitest'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { failedTry } from '../../../services/trainer/arc/try-configuration.ts'
import type { MeasuredTry } from './arc-bench.ts'
import { commonTasks, figuresOf } from './figures.ts'
import type { ArcArm, ArmTries } from './run-arms.ts'

const task = (id: string): Task => ({ id, demonstrations: [], tests: [] })
const tried = (solved: boolean): MeasuredTry => ({
  ...{ ...failedTry(null), solved, cells: solved ? 1 : 0.5 },
  ...{ seconds: 2, load: 0, revision: 'r' },
})
const arm = (name: ArcArm, id: string, ...solved: boolean[]): ArmTries => ({
  arm: name,
  task: task(id),
  tries: solved.map(tried),
})

const results = [
  arm('in-context', 'a', false),
  arm('untrained', 'a', true, false, false),
  arm('in-context', 'b', true),
  arm('untrained', 'b', true, true, true),
  arm('in-context', 'c', true),
]

test('only tasks that every arm has tried count', () => {
  expect(commonTasks(results)).toEqual(['a', 'b'])
})

test('pass@1 and pass@k are means over tasks of the unbiased estimates', () => {
  const [prompt, untrained] = figuresOf(results, 2)
  expect(prompt?.passOne.value).toBe(0.5)
  expect(prompt?.passK.value).toBeNull()
  expect(untrained?.passOne.value).toBeCloseTo((1 / 3 + 1) / 2, 12)
  // Two of three tries hold the solved one in 2 of 3 choices.
  expect(untrained?.passK.value).toBeCloseTo((2 / 3 + 1) / 2, 12)
  expect(untrained?.cells.value).toBeCloseTo((2 / 3 + 1) / 2, 12)
})

test('an arm stands against the prompt alone on the same tasks, and against itself not at all', () => {
  const [prompt, untrained] = figuresOf(results, 2)
  expect(untrained?.overInContext.value).toBeCloseTo(1 / 6, 12)
  expect(prompt?.overInContext.value).toBeNull()
  expect(untrained?.overUntrained.value).toBeNull()
})

test('what could not be carried out counts among the tries', () => {
  const failed = { ...failedTry('not_json'), seconds: 0, load: 0, revision: 'r' }
  const [figures] = figuresOf([{ arm: 'untrained', task: task('a'), tries: [tried(true), failed] }], 2)
  expect([figures?.passOne.value, figures?.carriedOut]).toEqual([0.5, 0.5])
})
