// Sequences to the figures of continual learning, by the definitions of shared/evaluations/retention-figures.ts, with
// intervals from drawing documents over all sequences. Seeds of one document are averaged before, not drawn.
import { bootstrap } from '../learning/bootstrap.ts'
import type { Figure, Spread } from '../learning/figures.ts'
import { spreadOf } from '../learning/figures.ts'
import type { Cell, Sequence } from './run-sequence.ts'

export const FIGURES = ['acc', 'bwt', 'forgetting', 'base', 'learned', 'retained'] as const
export type FigureName = (typeof FIGURES)[number]

export interface WayFigures extends Record<FigureName, Figure> {
  name: string
  sequences: number
  documents: number
  trainedTokens: Spread | null
  studySeconds: Spread | null
  trainSeconds: Spread | null
}

/** A document's accuracies, 0 to 1: of the base, just learned, at the end, and the best of all since it was learned. */
interface Column {
  id: string
  base: number
  learned: number
  now: number
  best: number
  /** Not the last of its sequence: later documents could damage it. */
  older: boolean
}

/** `sequences` are all of one way. */
export function figuresOfWay(name: string, sequences: readonly Sequence[]): WayFigures {
  const columns = averageSeeds(sequences.flatMap(columnsOf))
  const updates = sequences.flatMap((sequence) => sequence.updates)
  const figures = FIGURES.map((figure) => [
    figure,
    {
      value: statisticOf(figure, columns),
      interval: bootstrap(columns.length, (indexes) =>
        statisticOf(
          figure,
          indexes.flatMap((index) => columns[index] ?? []),
        ),
      ),
    },
  ])
  return {
    ...{ name, sequences: sequences.length, documents: columns.length },
    ...(Object.fromEntries(figures) as Record<FigureName, Figure>),
    trainedTokens: spreadOf(updates.map(({ trainedTokens }) => trainedTokens)),
    studySeconds: spreadOf(updates.map(({ studySeconds }) => studySeconds)),
    trainSeconds: spreadOf(updates.map(({ trainSeconds }) => trainSeconds)),
  }
}

function columnsOf({ documents, matrix }: Sequence): Column[] {
  return documents.flatMap((id, column) => {
    const values = matrix.map((row) => share(row[column] ?? null))
    const since = values.slice(column + 1)
    const [base, learned, now] = [values[0] ?? null, since[0] ?? null, since.at(-1) ?? null]
    if (base === null || learned === null || now === null) return []
    const best = Math.max(...since.filter((value) => value !== null))
    return [{ id, base, learned, now, best, older: column + 1 < documents.length }]
  })
}

const share = (cell: Cell | null): number | null =>
  cell === null || cell.total === 0 ? null : cell.correct / cell.total

function averageSeeds(columns: readonly Column[]): Column[] {
  return [...new Set(columns.map(({ id }) => id))].flatMap((id) => {
    const own = columns.filter((column) => column.id === id)
    const mean = (of: (column: Column) => number) => own.reduce((sum, column) => sum + of(column), 0) / own.length
    const [first] = own
    if (first === undefined) return []
    return [
      {
        ...{ id, older: first.older, base: mean(({ base }) => base), learned: mean(({ learned }) => learned) },
        ...{ now: mean(({ now }) => now), best: mean(({ best }) => best) },
      },
    ]
  })
}

function statisticOf(figure: FigureName, columns: readonly Column[]): number | null {
  const older = columns.filter((column) => column.older)
  switch (figure) {
    case 'acc':
      return mean(columns.map(({ now }) => now))
    case 'base':
      return mean(columns.map(({ base }) => base))
    case 'learned':
      return mean(columns.map(({ learned }) => learned))
    case 'bwt':
      return mean(older.map(({ now, learned }) => now - learned))
    case 'forgetting':
      return mean(older.map(({ best, now }) => best - now))
    case 'retained': {
      const gained = mean(columns.map(({ learned, base }) => learned - base))
      const left = mean(columns.map(({ now, base }) => now - base))
      return gained === null || left === null || gained <= 0 ? null : left / gained
    }
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The mean accuracy of each cell over sequences and seeds; null where none has it. */
export function meanMatrix(sequences: readonly Sequence[]): (number | null)[][] {
  const [first] = sequences
  return (first?.matrix ?? []).map((row, update) =>
    row.map((_, column) => {
      const cells = sequences.flatMap(({ matrix }) => share(matrix[update]?.[column] ?? null) ?? [])
      return mean(cells)
    }),
  )
}
