// One try at a task: the self-edit carried out, the tests predicted, the outputs compared. A try that fails on the way is a
// try that solved nothing, with the reason; no outcome is left out of an average.
import type { Grid } from './grid.ts'
import { cellsRight, sameGrid } from './grid.ts'
import { adapt } from './adapt.ts'
import type { Adaptation, AdaptFault } from './adapt.ts'
import type { Configuration, ConfigurationFault } from './configuration.ts'
import { predict } from './predict.ts'
import type { Task } from './task.ts'

export interface Try {
  /** Every test output exactly. */
  solved: boolean
  /** Share of the tests' cells that are right, a mean over tests; 0 where the shape is wrong. */
  cells: number
  /** Views of eight behind each test's answer. */
  votes: number[]
  /** The answers themselves; null where no view gave a grid. */
  grids: (Grid | null)[]
  fault: ConfigurationFault | AdaptFault | 'diverged' | null
  lessons: number
  steps: number
  trainedTokens: number
}

const UNTRAINED = { lessons: 0, steps: 0, trainedTokens: 0 }

/** What could not be tried. */
export const failedTry = (fault: Try['fault']): Try => ({
  ...{ solved: false, cells: 0, votes: [], grids: [], fault },
  ...UNTRAINED,
})

/** Without a configuration nothing is trained: the demonstrations are in the prompt alone. */
export async function tryTask(
  adaptation: Adaptation,
  task: Task,
  configuration: Configuration | null,
  seed: number,
): Promise<Try> {
  if (configuration === null) return solve(adaptation, task, adaptation.start, UNTRAINED)
  const trained = await adapt(adaptation, task.demonstrations, configuration, seed).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('training diverged')) return 'diverged' as const
    throw error
  })
  if (typeof trained === 'string') return failedTry(trained)
  const { adapter, lessons, steps, trainedTokens } = trained
  return solve(adaptation, task, adapter, { lessons, steps, trainedTokens })
}

async function solve(
  { engine, limits }: Adaptation,
  { demonstrations, tests }: Task,
  adapter: Adaptation['start'],
  trained: typeof UNTRAINED,
): Promise<Try> {
  const answers: { grid: Grid | null; votes: number; cells: number; right: boolean }[] = []
  for (const { input, output } of tests) {
    const { grid, votes } = await predict(engine, adapter, { demonstrations, input }, limits.sideMax)
    const cells = grid === null ? 0 : cellsRight(grid, output)
    answers.push({ grid, votes, cells, right: grid !== null && sameGrid(grid, output) })
  }
  return {
    solved: answers.every(({ right }) => right),
    cells: answers.reduce((sum, { cells }) => sum + cells, 0) / answers.length,
    votes: answers.map(({ votes }) => votes),
    grids: answers.map(({ grid }) => grid),
    fault: null,
    ...trained,
  }
}
