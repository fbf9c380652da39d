// Documents by versions as a table whose cells are buttons. One cell is in the tab order; arrows move among them, as in a
// grid, so that two hundred cells are not two hundred stops.
import { useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { Retention } from '../wire/types.ts'
import { nats } from './format.ts'
import { heatOf } from './heat.ts'
import { MEASURES, readingOf, type Cell, type Measure } from './measures.ts'

export interface CellPlace {
  /** Indices into the matrix. */
  version: number
  document: number
}

interface HeatmapProps {
  data: Retention
  measure: Measure
  onOpen: (place: CellPlace) => void
}

export function Heatmap({ data, measure, onOpen }: HeatmapProps) {
  const table = useRef<HTMLTableElement>(null)
  const newest = data.versions.length - 1
  return (
    <>
      <div class="scroll">
        <table class="heatmap" ref={table} onKeyDown={(event) => move(event, table.current)}>
          <caption class="unseen">
            Retention by document and version. Arrow keys move among the cells; Enter opens the questions.
          </caption>
          <thead>
            <tr>
              <th scope="col">Document</th>
              {data.versions.map((version) => (
                <th key={version} scope="col" class={version === data.head ? 'head' : ''}>
                  {version === 0 ? 'base' : `v${version}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.documents.map(({ id, title, version: learnedIn }, document) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={`/documents/${id}`}>{title}</Link>
                </th>
                {data.versions.map((version, row) => (
                  <td key={version} class={version === learnedIn ? 'learned-here' : ''}>
                    <HeatCell
                      cell={data.matrix[row]?.[document] ?? null}
                      before={row === 0 ? null : (data.matrix[row - 1]?.[document] ?? null)}
                      measure={measure}
                      name={`${title}, ${version === 0 ? 'base' : `v${version}`}`}
                      inTabOrder={row === newest && document === 0}
                      onOpen={() => onOpen({ version: row, document })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend measure={measure} />
    </>
  )
}

interface HeatCellProps {
  cell: Cell | null
  before: Cell | null
  measure: Measure
  name: string
  inTabOrder: boolean
  onOpen: () => void
}

function HeatCell({ cell, before, measure, name, inTabOrder, onOpen }: HeatCellProps) {
  if (cell === null) {
    return (
      <span class="heat none" title={`${name}: not asked`}>
        <span class="unseen">not asked</span>
      </span>
    )
  }
  const { text, heat, side } = readingOf(measure, cell, before)
  const said = `${cell.correct} of ${cell.total} right, ${nats(cell.logprob)} nats`
  return (
    <button
      type="button"
      class={`heat ${side} ${measure}`}
      style={{ '--heat': heat }}
      tabIndex={inTabOrder ? 0 : -1}
      title={`${name}: ${said}`}
      onClick={onOpen}
    >
      <span class="unseen">{name}: </span>
      <span class="reading">{text}</span>
      <span class="unseen">; {said}</span>
    </button>
  )
}

function Legend({ measure }: { measure: Measure }) {
  const legend = MEASURES.find(({ value }) => value === measure)?.legend ?? ['', '']
  const stops = measure === 'change' ? [-1, -0.5, 0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]
  return (
    <p class="legend">
      <span>{legend[0]}</span>
      <span class="legend-scale" aria-hidden="true">
        {stops.map((stop) => (
          <span
            key={stop}
            class={`heat ${measure} ${measure !== 'change' ? 'one' : stop < 0 ? 'down' : 'up'}`}
            style={{ '--heat': heatOf(Math.abs(stop)) }}
          />
        ))}
      </span>
      <span>{legend[1]}</span>
      <span class="legend-note">
        A corner marks the version that learned the document; an empty cell was not asked.
      </span>
    </p>
  )
}

const steps: Record<string, [down: number, right: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** To the next cell in that direction that has something in it. */
function move(event: KeyboardEvent, table: HTMLTableElement | null): void {
  const step = steps[event.key]
  const from = event.target instanceof HTMLButtonElement ? event.target.closest('td') : null
  if (step === undefined || from === null || table === null) return
  event.preventDefault()
  let row = (from.parentElement as HTMLTableRowElement).rowIndex
  let column = from.cellIndex
  for (;;) {
    row += step[0]
    column += step[1]
    const cell = table.rows[row]?.cells[column]
    if (cell === undefined || row === 0 || column === 0) return
    const button = cell.querySelector('button')
    if (button === null) continue
    for (const other of table.querySelectorAll('button')) other.tabIndex = -1
    button.tabIndex = 0
    return button.focus()
  }
}
