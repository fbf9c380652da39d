// A grid of ARC as data and as text: a digit a cell, a newline after every row. A digit is one token on every base
// (see grid-tokens.ts), so h rows of w cells cost h (w + 1) tokens. Reading is strict: what a model wrote is a grid or a
// named fault, never a grid with something mended.
import { z } from 'zod'

/** Rows of colours, 0 to 9; all rows of one width, at least one cell. */
export type Grid = readonly (readonly number[])[]

export const COLOURS = 10
/** The largest side in ARC. */
const SIDE_MAX = 30

const cells = z.array(
  z
    .int()
    .min(0)
    .max(COLOURS - 1),
)
export const gridSchema = z
  .array(cells.min(1).max(SIDE_MAX))
  .min(1)
  .max(SIDE_MAX)
  .refine((rows) => rows.every((row) => row.length === rows[0]?.length), 'the rows are not of one width')

export type GridFault = 'empty' | 'not_a_cell' | 'unfinished_row' | 'ragged' | 'too_large'

export const formatGrid = (grid: Grid): string => grid.map((row) => `${row.join('')}\n`).join('')

/** The inverse of formatGrid, or what is wrong with the first fault met in the order of the type. */
export function parseGrid(text: string, sideMax: number): Grid | GridFault {
  if (text === '') return 'empty'
  if (/[^0-9\n]/.test(text)) return 'not_a_cell'
  if (!text.endsWith('\n')) return 'unfinished_row'
  const rows = text.slice(0, -1).split('\n')
  const width = rows[0]?.length ?? 0
  if (width === 0 || rows.some((row) => row.length !== width)) return 'ragged'
  if (width > sideMax || rows.length > sideMax) return 'too_large'
  return rows.map((row) => [...row].map(Number))
}

export const sameGrid = (one: Grid, other: Grid): boolean => formatGrid(one) === formatGrid(other)

export const sideOf = (grid: Grid): number => Math.max(grid.length, grid[0]?.length ?? 0)

/** Share of `gold`'s cells that `grid` has right; 0 for another shape. */
export function cellsRight(grid: Grid, gold: Grid): number {
  if (grid.length !== gold.length || grid[0]?.length !== gold[0]?.length) return 0
  const all = gold.flatMap((row, y) => row.map((colour, x) => grid[y]?.[x] === colour))
  return all.filter(Boolean).length / all.length
}
