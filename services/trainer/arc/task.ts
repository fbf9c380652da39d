// A task of ARC: pairs that show a rule and pairs to solve by it. The files hold tasks by their id.
import { z } from 'zod'
import { gridSchema, sameGrid, sideOf } from './grid.ts'
import type { Grid } from './grid.ts'

export interface Pair {
  input: Grid
  output: Grid
}

export interface Task {
  id: string
  demonstrations: readonly Pair[]
  /** Their outputs are for grading alone. */
  tests: readonly Pair[]
}

const pairs = z.array(z.object({ input: gridSchema, output: gridSchema })).min(1)
const fileSchema = z.record(z.string(), z.object({ train: pairs, test: pairs }))

/** @throws ZodError that names the task and the cell. */
export function parseTasks(content: unknown): Task[] {
  return Object.entries(fileSchema.parse(content)).map(([id, { train, test }]) => ({
    id,
    demonstrations: train,
    tests: test,
  }))
}

export const samePair = (one: Pair, other: Pair): boolean =>
  sameGrid(one.input, other.input) && sameGrid(one.output, other.output)

/** No grid of the pairs has a side longer than this. */
export const fitPairs = (pairs: readonly Pair[], sideMax: number): boolean =>
  pairs.every(({ input, output }) => sideOf(input) <= sideMax && sideOf(output) <= sideMax)

export const fitsTask = ({ demonstrations, tests }: Task, sideMax: number): boolean =>
  fitPairs([...demonstrations, ...tests], sideMax)
