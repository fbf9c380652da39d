// The questions behind a cell of the heatmap, beside what the version before answered. A dialog of the browser's own: it
// holds the focus, closes by Escape, and gives the focus back.
import { useEffect, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { useList } from '../wire/resource.ts'
import type { Evaluation, Retention } from '../wire/types.ts'
import { nats } from './format.ts'
import type { CellPlace } from './heatmap.tsx'
import { Loaded } from './loaded.tsx'
import { pairEvaluations } from './pair-evaluations.ts'
import { ProbeTable } from './probe-table.tsx'

interface CellDialogProps {
  place: CellPlace
  data: Retention
  onClose: () => void
}

export function CellDialog({ place, data, onClose }: CellDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const version = data.versions[place.version] ?? 0
  const document = data.documents[place.document]
  const cell = data.matrix[place.version]?.[place.document]
  const earlier = findEarlier(data, place)
  const path = (number: number) => `/v1/models/${data.model}/versions/${number}/evaluations?document=${document?.id}`
  const now = useList<Evaluation>(path(version))
  const before = useList<Evaluation>(earlier === undefined ? null : path(earlier))
  const name = (number: number) => (number === 0 ? 'base' : `v${number}`)
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="cell" onClose={onClose}>
      <div class="sheet-head">
        <div>
          <p class="kind">{name(version)}</p>
          <h2 id="cell" tabIndex={-1} autoFocus>
            {document?.title}
          </h2>
          {cell && (
            <p class="lead">
              {cell.correct} of {cell.total} right, {nats(cell.logprob)} nats a question.{' '}
              <Link href={`/documents/${document?.id}`}>Read the document</Link>
            </p>
          )}
        </div>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <Loaded of={now} what="the questions">
        {(evaluations) => (
          <ProbeTable
            caption={`Questions about ${document?.title}`}
            before={earlier === undefined ? 'Before' : name(earlier)}
            after={name(version)}
            rows={pairEvaluations(before.data ?? [], evaluations)}
          />
        )}
      </Loaded>
    </dialog>
  )
}

/** The nearest older row that was asked about the document. */
function findEarlier(data: Retention, { version, document }: CellPlace): number | undefined {
  for (let row = version - 1; row >= 0; row--) {
    if (data.matrix[row]?.[document]) return data.versions[row]
  }
  return undefined
}
