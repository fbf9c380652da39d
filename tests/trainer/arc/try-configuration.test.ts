// The whole way of a self-edit on a tiny random base: it knows nothing, but what it is trained on it learns.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { adapt, ADAPT_LIMITS } from '../../../services/trainer/arc/adapt.ts'
import type { Configuration } from '../../../services/trainer/arc/configuration.ts'
import { formatGrid } from '../../../services/trainer/arc/grid.ts'
import { createGridCoder, lessonExample } from '../../../services/trainer/arc/grid-tokens.ts'
import { leaveOneOut } from '../../../services/trainer/arc/leave-one-out.ts'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { tryTask } from '../../../services/trainer/arc/try-configuration.ts'

/** Whatever comes in, one dark cell comes out. */
const darkness: Task = {
  id: 'darkness',
  demonstrations: [[[1, 2]], [[3], [4]], [[5, 6]]].map((input) => ({ input, output: [[0]] })),
  tests: [{ input: [[7], [8]], output: [[0]] }],
}
const configure = (training: Partial<Configuration['training']>, basic = false): Configuration => ({
  data_generation: {
    use_basic_augmentations: basic,
    use_size_augmentations: false,
    use_chain_augmentations: false,
    use_repeat_augmentations: false,
  },
  training: { strategy: 'train_using_output_tokens', learning_rate: 0.01, num_train_epochs: 60, ...training },
})

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => engine.close())
const parts = () => ({ engine, start: null, limits: { ...ADAPT_LIMITS, sideMax: 3, trainedTokensMax: 20_000 } })

test('a base that does not solve a task from its prompt solves it after its self-edit', async () => {
  const before = await tryTask(parts(), darkness, null, 1)
  expect(before).toMatchObject({ solved: false, fault: null, trainedTokens: 0 })
  const after = await tryTask(parts(), darkness, configure({}), 1)
  expect(after).toMatchObject({ solved: true, cells: 1, grids: [[[0]]], fault: null })
  expect(after.steps).toBe(Math.ceil(after.lessons / 2) * 60)
})

test('the same configuration and seed give the same try', async () => {
  const configuration = configure({ num_train_epochs: 2 }, true)
  const once = await tryTask(parts(), darkness, configuration, 3)
  expect(await tryTask(parts(), darkness, configuration, 3)).toEqual(once)
})

test.each([
  ['too_many_steps', configure({ num_train_epochs: 126 })],
  ['diverged', configure({ learning_rate: 1e30, num_train_epochs: 3 })],
] as const)(
  'a configuration whose training is %s is a try that failed, with the reason',
  async (fault, configuration) => {
    expect(await tryTask(parts(), darkness, configuration, 1)).toMatchObject({ solved: false, cells: 0, fault })
  },
)

test('a task that the base has no room for is a failed try and an empty answer, not an error', async () => {
  const wide = Array.from({ length: 9 }, () => new Array<number>(9).fill(1))
  const task = { id: 'wide', demonstrations: [wide, wide, wide, wide].map((grid) => ({ input: grid, output: [[1]] })) }
  const tests = [{ input: wide, output: [[1]] }]
  const large = { ...parts(), limits: ADAPT_LIMITS }
  // Four equal demonstrations leave none to show, so that the lessons fit where the task itself does not.
  expect(await tryTask(large, { ...task, tests }, null, 1)).toMatchObject({ solved: false, grids: [null], votes: [0] })
  const different = task.demonstrations.map(({ input }, index) => ({ input, output: [[index]] }))
  const tried = await tryTask(large, { ...task, demonstrations: different, tests }, configure({}), 1)
  expect(tried.fault).toBe('too_long')
})

test('more epochs of a bounded training are fewer lessons, and more than one lesson has room for are a fault', async () => {
  const trained = await Promise.all(
    [1, 4, 100].map((epochs) =>
      adapt(
        { ...parts(), limits: { ...parts().limits, trainedTokensMax: 300 } },
        darkness.demonstrations,
        configure({ num_train_epochs: epochs }),
        1,
      ),
    ),
  )
  const [one, four, hundred] = trained.map((result) => (typeof result === 'string' ? result : result.lessons))
  expect(one).toBeGreaterThan(Number(four))
  expect(Number(four)).toBeGreaterThan(0)
  expect(hundred).toBe('too_many_tokens')
})

test('a cell is one token, and the loss is on the held-out output alone or on all', () => {
  const coder = createGridCoder(engine)
  const [lesson] = leaveOneOut(darkness.demonstrations)
  if (lesson === undefined) throw new Error('no lesson')
  const [output, all] = (['output', 'all'] as const).map((loss) => lessonExample(coder, lesson, loss))
  expect(engine.tokenizer.decode(output?.tokens.slice(output.lossFrom) ?? [])).toBe(formatGrid(lesson.pair.output))
  expect(all).toEqual({ tokens: output?.tokens, lossFrom: 1 })
  const prompt = coder.prompt([], [[1, 2, 3]])
  expect(engine.tokenizer.decode(prompt)).toBe('I123\nO')
  expect(prompt.filter((id) => id !== engine.tokenizer.bosId)).toHaveLength('I123\nO'.length)
})
