// The answer to a test grid by vote: the task is asked in all eight symmetries, each answer is turned back, and the grid
// that most of them agree on wins. A model that found the rule finds it from every side; one that guesses scatters.
import type { Adapter } from '../../engine/adapter/adapter.ts'
import type { Engine } from '../../engine/engine.ts'
import { formatGrid, parseGrid } from './grid.ts'
import type { Grid, GridFault } from './grid.ts'
import { createGridCoder } from './grid-tokens.ts'
import type { Pair } from './task.ts'
import { SYMMETRIES, transformPair } from './transforms.ts'

/** `unfinished` ran into the limit, `too_long` did not fit the base. */
type Fault = GridFault | 'unfinished' | 'too_long'

export interface Prediction {
  /** Null where no view gave a grid. */
  grid: Grid | null
  /** Views that said it. */
  votes: number
  /** What was wrong with the views that said none. */
  faults: Fault[]
}

interface Ballot {
  grid: Grid
  votes: number
  logprob: number
}

/** Greedy in every view; of grids with equal votes the likelier one. */
export async function predict(
  engine: Engine,
  adapter: Adapter | null,
  { demonstrations, input }: { demonstrations: readonly Pair[]; input: Grid },
  sideMax: number,
): Promise<Prediction> {
  const coder = createGridCoder(engine)
  // A full grid and the end of the answer.
  const tokensMax = sideMax * (sideMax + 1) + 1
  const views = SYMMETRIES.map((view) => {
    const shown = demonstrations.map((pair) => transformPair(view, pair))
    return { view, prompt: coder.prompt(shown, view.apply(input)) }
  }).filter(({ prompt }) => prompt.length + tokensMax <= engine.base.config.positionsMax)
  const prompts = views.map(({ prompt }) => prompt)
  const written = prompts.length === 0 ? [] : await engine.generate(prompts, { adapter, tokensMax })
  const faults = new Array<Fault>(SYMMETRIES.length - views.length).fill('too_long')
  const ballots = new Map<string, Ballot>()
  for (const [index, { view }] of views.entries()) {
    const { text, logprobs, finish } = written[index] ?? { text: '', logprobs: [], finish: 'cancelled' }
    const seen = finish === 'stop' ? parseGrid(text, sideMax) : 'unfinished'
    if (typeof seen === 'string') {
      faults.push(seen)
      continue
    }
    const grid = view.invert(seen)
    const { votes, logprob } = ballots.get(formatGrid(grid)) ?? { votes: 0, logprob: 0 }
    const own = logprobs.reduce((sum, value) => sum + value, 0)
    ballots.set(formatGrid(grid), { grid, votes: votes + 1, logprob: logprob + own })
  }
  const [winner] = [...ballots.values()].toSorted(
    (a, b) => b.votes - a.votes || b.logprob / b.votes - a.logprob / a.votes,
  )
  return { grid: winner?.grid ?? null, votes: winner?.votes ?? 0, faults }
}
