// The retention matrix as a table: a row for each document, a column for each version, right answers of those asked, on red
// to green by their share. Where the terminal is narrow the oldest versions are left out.
import type { Schemas } from '../../client/palimpsest.ts'
import { paint, type Terminal } from '../terminal.ts'
import type { Command } from './command.ts'

type Cell = Schemas['Retention']['matrix'][number][number]

/** Backgrounds of the 256 colours, from nothing known to all of it; white text can be read on each. */
const heat = [88, 124, 130, 136, 64, 28] as const
const titleWidthMax = 32
const cellWidth = 7

export const retention: Command = async ({ palimpsest, terminal, flags }) => {
  const found = await palimpsest.getRetention(flags.model)
  terminal.tell(found)
  for (const line of writeRetention(terminal, found)) terminal.say(line)
  return 0
}

function writeRetention(terminal: Terminal, found: Schemas['Retention']): string[] {
  const { documents, versions, matrix, head } = found
  if (documents.length === 0) return [`${found.model} has learned nothing yet.`]
  const titleWidth = Math.min(titleWidthMax, Math.max(...documents.map(({ title }) => title.length)))
  const fitting = Math.max(1, Math.floor((terminal.columns - titleWidth - 1) / cellWidth))
  const from = Math.max(0, versions.length - fitting)
  const shown = versions.slice(from)
  const top = shown.map((version) => `v${version}${version === head ? '*' : ''}`.padStart(cellWidth)).join('')
  const rows = documents.map(({ title }, column) => {
    const cells = shown.map((_, index) => writeCell(terminal, matrix[from + index]?.[column] ?? null))
    return `${cut(title, titleWidth)} ${cells.join('')}`
  })
  const { acc, forgetting, learned, base } = found
  const figures = { acc, forgetting, learned, base }
  const told = Object.entries(figures).flatMap(([name, value]) => (value === null ? [] : `${name} ${value.toFixed(3)}`))
  const left = from === 0 ? '' : `, ${from} older versions left out`
  return [paint(terminal, '1', `${' '.repeat(titleWidth)} ${top}`), ...rows, `${told.join(', ')} (* the head${left})`]
}

function writeCell(terminal: Terminal, cell: Cell): string {
  if (cell === null) return paint(terminal, '2', '·'.padStart(cellWidth - 1)) + ' '
  const text = ` ${cell.correct}/${cell.total} `.padStart(cellWidth - 1)
  const step = cell.total === 0 ? 0 : Math.floor((cell.correct / cell.total) * (heat.length - 1))
  return ` ${paint(terminal, `97;48;5;${heat[step] ?? heat[0]}`, text)}`
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}
