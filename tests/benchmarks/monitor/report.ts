// The rates as tables: one line a scenario, for the terminal and as Markdown.
import type { AlarmRates, DriftRates } from './simulate.ts'

export interface UpdateLine {
  name: string
  rates: AlarmRates
}

export interface DriftLine {
  name: string
  updates: number
  rates: DriftRates
}

const UPDATE_COLUMNS = [
  ['mcnemar', 'McNemar'],
  ['byQuestion', 'flips by question'],
  ['byDocument', 'flips by document'],
  ['pooled', 'clustered flips'],
  ['documents', 'any document, BH .10'],
  ['regressed', '**alarm**'],
  ['named', 'damaged documents named'],
  ['falseDiscoveries', 'wrong among named'],
  ['unmeant', 'wrong or by chance'],
  ['retained', 'others called retained'],
] as const satisfies readonly (readonly [keyof AlarmRates, string])[]

const DRIFT_COLUMNS = [
  ['mcnemar', 'McNemar, any update'],
  ['regressed', 'alarm, any update'],
  ['modelDrift', 'e-process of the model'],
  ['documentDrift', 'e-process of a document'],
] as const satisfies readonly (readonly [keyof DriftRates, string])[]

export function toUpdateTable(lines: readonly UpdateLine[]): string {
  return toTable(
    ['one update', ...UPDATE_COLUMNS.map(([, title]) => title)],
    lines.map(({ name, rates }) => [name, ...UPDATE_COLUMNS.map(([key]) => share(rates[key]))]),
  )
}

export function toDriftTable(lines: readonly DriftLine[]): string {
  return toTable(
    ['several updates', 'updates', ...DRIFT_COLUMNS.map(([, title]) => title)],
    lines.map(({ name, updates, rates }) => [
      name,
      String(updates),
      ...DRIFT_COLUMNS.map(([key]) => share(rates[key])),
    ]),
  )
}

/** Markdown that reads as a table in a terminal too. */
function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

/** .85; a dash where there was nothing to count. */
function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(3).replace(/^0/, '')
}
