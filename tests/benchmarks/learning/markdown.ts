// Numbers and tables as the documentation prints them.
import type { Figure, Spread } from './figures.ts'

/** `.123`; a dash for what was not measured. */
export function three(value: number | null): string {
  if (value === null) return '-'
  const text = Math.abs(value).toFixed(3).replace(/^0/, '')
  return value < 0 && text !== '.000' ? `-${text}` : text
}

/** `.40 [.31, .49]` with three digits. */
export function formatFigure({ value, interval }: Figure): string {
  if (value === null) return '-'
  return interval === null ? three(value) : `${three(value)} [${three(interval.low)}, ${three(interval.high)}]`
}

/** `31 / 36 / 44`: least, median, most. */
export function formatSpread(spread: Spread | null, digits = 0): string {
  if (spread === null) return '-'
  return [spread.min, spread.median, spread.max].map((value) => value.toFixed(digits)).join(' / ')
}

/** Cells that hold a bar would end it. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
