// Which rows train together. Rows of like length share a step, so that little padding is computed; the order of the
// steps and the neighbours of a row change with every epoch. The order is drawn by the steps' rank in length, not by the
// number of rows, so that trainings of one seed that run at once have steps of like length at the same time.
import type { TrainingExample, TrainingRecipe } from '../engine.ts'
import { createRandom, shuffle } from '../random.ts'

/** Rows of one optimiser step in micro-batches that run one after another. */
export type StepRows = TrainingExample[][]

export interface PlannedStep {
  /** Its place among the steps of all trainings with the same seed: they go in the order of their slots. */
  slot: number
  rows: StepRows
}

/** Shuffled rows are sorted by length within windows of this many steps, then cut into steps. */
const WINDOW_STEPS = 8

export function planSteps(
  examples: readonly TrainingExample[],
  recipe: Pick<TrainingRecipe, 'epochs' | 'rowsPerStep' | 'tokensPerBatch' | 'seed'>,
): PlannedStep[] {
  const random = createRandom(recipe.seed)
  const steps: PlannedStep[] = []
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    const rows = shuffle(examples, random)
    const window = recipe.rowsPerStep * WINDOW_STEPS
    const epochSteps: TrainingExample[][] = []
    for (let start = 0; start < rows.length; start += window) {
      const sorted = rows.slice(start, start + window).sort((a, b) => a.tokens.length - b.tokens.length)
      for (let first = 0; first < sorted.length; first += recipe.rowsPerStep)
        epochSteps.push(sorted.slice(first, first + recipe.rowsPerStep))
    }
    const place = createRandom(recipe.seed * 1_000_003 + epoch)
    for (const step of epochSteps)
      steps.push({ slot: epoch + place(), rows: microBatches(step, recipe.tokensPerBatch) })
  }
  return steps.sort((a, b) => a.slot - b.slot)
}

/** Cuts rows, sorted by length, so that no batch exceeds `tokensMax` with its padding (a longer row stands alone). */
function microBatches(rows: readonly TrainingExample[], tokensMax: number): TrainingExample[][] {
  const batches: TrainingExample[][] = []
  for (const row of rows) {
    const last = batches.at(-1)
    if (last && (last.length + 1) * row.tokens.length <= tokensMax) last.push(row)
    else batches.push([row])
  }
  return batches
}
