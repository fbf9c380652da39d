// A row of small cells, one a document or one a version, darker where more is known: the retention matrix seen from the side.
import type { Retention } from '../wire/types.ts'
import { percent } from './format.ts'
import { heatOf } from './heat.ts'

type Cell = Retention['matrix'][number][number]

/** `named` writes each cell's name below it. */
export function Band({ cells, named = false }: { cells: readonly { name: string; cell: Cell }[]; named?: boolean }) {
  return (
    <ol class={`band ${named ? 'named' : ''}`}>
      {cells.map(({ name, cell }) => {
        const share = cell === null || cell.total === 0 ? null : cell.correct / cell.total
        const said = cell === null ? `${name}: not asked` : `${name}: ${cell.correct} of ${cell.total}`
        return (
          <li key={name} title={said}>
            <span class={`swatch ${share === null ? 'unasked' : ''}`} style={{ '--heat': heatOf(share) }} />
            <span class="unseen">{said}</span>
            {named && (
              <span class="band-name" aria-hidden="true">
                {name}
                <br />
                {percent(share)}
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
