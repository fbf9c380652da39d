// Changes of a grid that can be undone, done to every grid of a task alike: the task stays a task, and an answer to the
// changed one can be turned back. The four tools of a self-edit (SEAL, arXiv 2506.10943) are lists of these.
import { shuffle } from '../../engine/random.ts'
import type { Random } from '../../engine/random.ts'
import { COLOURS, sameGrid } from './grid.ts'
import type { Grid } from './grid.ts'
import type { Pair } from './task.ts'

export interface Transform {
  name: string
  apply: (grid: Grid) => Grid
  /** The grid that `apply` makes into this one; null where there is none. */
  invert: (grid: Grid) => Grid | null
}

const cell = (grid: Grid, y: number, x: number): number => grid[y]?.[x] ?? 0

/** A grid of this shape, `colourAt` each place. */
export function makeGrid(height: number, width: number, colourAt: (y: number, x: number) => number): Grid {
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => colourAt(y, x)))
}

export const heightOf = (grid: Grid): number => grid.length
export const widthOf = (grid: Grid): number => grid[0]?.length ?? 0

const transpose = (grid: Grid): Grid => makeGrid(widthOf(grid), heightOf(grid), (y, x) => cell(grid, x, y))
const flipRows = (grid: Grid): Grid => grid.toReversed()
const flipColumns = (grid: Grid): Grid => grid.map((row) => row.toReversed())

/** Every grid has an inverse under it. */
export interface Symmetry extends Transform {
  invert: (grid: Grid) => Grid
}

const symmetry = (name: string, apply: (grid: Grid) => Grid, invert = apply): Symmetry => ({ name, apply, invert })
const quarter = (grid: Grid): Grid => flipColumns(transpose(grid))
const threeQuarters = (grid: Grid): Grid => transpose(flipColumns(grid))

export const IDENTITY = symmetry('identity', (grid) => grid)
const ROTATE_90 = symmetry('rotate_90', quarter, threeQuarters)
const ROTATE_180 = symmetry('rotate_180', (grid) => flipRows(flipColumns(grid)))
const ROTATE_270 = symmetry('rotate_270', threeQuarters, quarter)
const FLIP_ROWS = symmetry('flip_rows', flipRows)
const FLIP_COLUMNS = symmetry('flip_columns', flipColumns)
const TRANSPOSE = symmetry('transpose', transpose)
const ANTITRANSPOSE = symmetry('antitranspose', (grid) => flipRows(flipColumns(transpose(grid))))

/** The symmetries of the square, the identity first. */
export const SYMMETRIES: readonly Symmetry[] = [
  ...[IDENTITY, ROTATE_90, ROTATE_180, ROTATE_270],
  ...[FLIP_ROWS, FLIP_COLUMNS, TRANSPOSE, ANTITRANSPOSE],
]

/** Every cell becomes a block of `down` by `across` cells. */
function stretch(name: string, down: number, across: number): Transform {
  const apply = (grid: Grid): Grid =>
    makeGrid(down * heightOf(grid), across * widthOf(grid), (y, x) =>
      cell(grid, Math.floor(y / down), Math.floor(x / across)),
    )
  const shrink = (grid: Grid): Grid =>
    makeGrid(heightOf(grid) / down, widthOf(grid) / across, (y, x) => cell(grid, y * down, x * across))
  return { name, apply, invert: inverseOf(apply, shrink, down, across) }
}

/** The grid stands `down` times below and `across` times beside itself. */
function repeat(name: string, down: number, across: number): Transform {
  const apply = (grid: Grid): Grid =>
    makeGrid(down * heightOf(grid), across * widthOf(grid), (y, x) => cell(grid, y % heightOf(grid), x % widthOf(grid)))
  const first = (grid: Grid): Grid =>
    makeGrid(heightOf(grid) / down, widthOf(grid) / across, (y, x) => cell(grid, y, x))
  return { name, apply, invert: inverseOf(apply, first, down, across) }
}

/** `undo` where the sides divide and doing it again gives the same grid. */
function inverseOf(apply: Transform['apply'], undo: Transform['apply'], down: number, across: number) {
  return (grid: Grid): Grid | null => {
    if (heightOf(grid) % down !== 0 || widthOf(grid) % across !== 0) return null
    const undone = undo(grid)
    return sameGrid(apply(undone), grid) ? undone : null
  }
}

function chain(first: Transform, second: Transform): Transform {
  return {
    name: `${first.name}+${second.name}`,
    apply: (grid) => second.apply(first.apply(grid)),
    invert(grid) {
      const between = second.invert(grid)
      return between === null ? null : first.invert(between)
    },
  }
}

const DOUBLED = stretch('resolution_2', 2, 2)

/** What each tool of a self-edit adds. */
export const TOOLS = {
  basic: SYMMETRIES.slice(1),
  size: [DOUBLED, stretch('height_2', 2, 1), stretch('width_2', 1, 2)],
  chain: SYMMETRIES.slice(1).map((turned) => chain(turned, DOUBLED)),
  repeat: [repeat('repeat_down', 2, 1), repeat('repeat_across', 1, 2), repeat('repeat_both', 2, 2)],
} satisfies Record<string, readonly Transform[]>

export type Tool = keyof typeof TOOLS

/** Colours permuted; 0 stays, since most tasks use it as the ground. */
export function drawRecolouring(random: Random): Transform {
  const colours = [
    0,
    ...shuffle(
      Array.from({ length: COLOURS - 1 }, (_, index) => index + 1),
      random,
    ),
  ]
  const map = (to: (colour: number) => number) => (grid: Grid) => grid.map((row) => row.map(to))
  return {
    name: `recolour_${colours.join('')}`,
    apply: map((colour) => colours[colour] ?? colour),
    invert: map((colour) => colours.indexOf(colour)),
  }
}

export const transformPair = ({ apply }: Transform, { input, output }: Pair): Pair => ({
  input: apply(input),
  output: apply(output),
})
