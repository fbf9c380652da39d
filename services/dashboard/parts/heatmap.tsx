// Documents by versions as a table whose cells are buttons. One cell is in the tab order; arrows move among them, as in a
// grid, so that two hundred cells are not two hundred stops. Of many versions the newest are shown, beside the base.
import { useEffect, useRef, useState } from 'preact/hooks'
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

/** More of them times two hundred documents are felt when the page draws. */
const versionsShown = 40

interface HeatmapProps {
  data: Retention
  measure: Measure
  onOpen: (place: CellPlace) => void
}

export function Heatmap({ data, measure, onOpen }: HeatmapProps) {
  const table = useRef<HTMLTableElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const [all, setAll] = useState(false)
  const hidden = all ? 0 : Math.max(0, data.versions.length - versionsShown)
  const rows = [...data.versions.keys()].filter((row) => row === 0 || row > hidden)
  const tabStop = data.versions.findLastIndex((_, row) => data.matrix[row]?.[0])
  // Where not all fits, what answers now is in sight first.
  useEffect(() => scroller.current?.scrollTo({ left: scroller.current.scrollWidth }), [data.model])
  return (
    <>
      {hidden > 0 && (
        <p class="hint">
          The base and the newest {versionsShown - 1} versions.{' '}
          <button type="button" onClick={() => setAll(true)}>
            Show all {data.versions.length}
          </button>
        </p>
      )}
      <div class="scroll" ref={scroller}>
        <table class="heatmap" ref={table} onKeyDown={(event) => move(event, table.current)}>
          <caption class="unseen">
            Retention by document and version. Arrow keys move among the cells; Enter opens the questions.
          </caption>
          <thead>
            <tr>
              <th scope="col">Document</th>
              {rows.map((row) => (
                <th key={row} scope="col" class={data.versions[row] === data.head ? 'head' : ''}>
                  {nameOf(data.versions[row])}
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
                {rows.map((row) => (
                  <td key={row} class={data.versions[row] === learnedIn ? 'learned-here' : ''}>
                    <HeatCell
                      cell={data.matrix[row]?.[document] ?? null}
                      before={row === 0 ? null : (data.matrix[row - 1]?.[document] ?? null)}
                      measure={measure}
                      name={`${title}, ${nameOf(data.versions[row])}`}
                      inTabOrder={row === tabStop && document === 0}
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

function nameOf(version: number | undefined): string {
  return version === 0 ? 'base' : `v${version}`
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
