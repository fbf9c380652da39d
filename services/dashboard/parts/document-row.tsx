// A document in the list: its title, its state and, while its update runs, how far it is.
import { Link } from 'wouter-preact'
import { isFinal } from '../wire/follow-update.ts'
import type { Document, Update } from '../wire/types.ts'
import { Moment } from './moment.tsx'
import { ProgressLine } from './progress-line.tsx'
import { StateMark } from './state-mark.tsx'
import { TallyLine } from './tally.tsx'

interface DocumentRowProps {
  document: Document
  update: Update | undefined
  /** The version that answers no longer holds it. */
  left: boolean
}

export function DocumentRow({ document, update, left }: DocumentRowProps) {
  const { id, title, state } = document
  const running = !isFinal(state) && state !== 'queued' && state !== 'awaiting_review'
  return (
    <li class={`document-row ${state}`}>
      <p class="document-title">
        <Link href={`/documents/${id}`}>{title}</Link>
      </p>
      <p class="document-state">
        <Link href={`/updates/${document.update_id}`}>
          <StateMark state={state} />
          <span class="unseen">, the update of {title}</span>
        </Link>
        {update?.version !== null && update?.version !== undefined && <span class="version">v{update.version}</span>}
        {left && <span class="version">rolled back</span>}
      </p>
      <p class="document-learned">
        {update?.learned && <TallyLine tally={update.learned} what="its questions" />}
        {update?.error && <span class="why">{update.error.message}</span>}
      </p>
      <p class="document-when">
        <Moment at={document.created_at} />
      </p>
      {running && update !== undefined && <ProgressLine {...update.progress} label={`Update of ${title}`} />}
    </li>
  )
}
