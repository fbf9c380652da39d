// One update, as it happens and afterwards: what was written, how the loss fell, what was asked before and after, and the
// verdict. Everything but the live line is read from the service, so that the page says the same a week later.
import { useEffect } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { Loaded } from '../parts/loaded.tsx'
import { LossCurve } from '../parts/loss-curve.tsx'
import { Moment } from '../parts/moment.tsx'
import { PageHead } from '../parts/page.tsx'
import { PhaseLadder } from '../parts/phase-ladder.tsx'
import { ProbeComparison } from '../parts/probe-comparison.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { ReviewForm } from '../parts/review-form.tsx'
import { SelfEditList } from '../parts/self-edit-list.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { sayTrouble } from '../parts/toasts.tsx'
import { useUpdateTrace } from '../parts/use-update-trace.ts'
import { VerdictSection } from '../parts/verdict-section.tsx'
import { call } from '../wire/call.ts'
import { isFinal } from '../wire/follow-update.ts'
import { refresh, useResource } from '../wire/resource.ts'
import type { DocumentWithText, Update } from '../wire/types.ts'

export function UpdatePage({ id }: { id: string }) {
  const resource = useResource<Update>(`/v1/updates/${id}`, 5_000)
  const trace = useUpdateTrace(id)
  useEffect(() => {
    void refresh(`/v1/updates/${id}`)
  }, [trace.state, trace.studied])
  return (
    <Loaded of={resource} what="the update">
      {(update) => {
        const final = isFinal(update.state)
        const { phase, fraction } = trace.progress ?? update.progress
        return (
          <>
            <UpdateHead update={update} />
            {!final && <ProgressLine phase={phase} fraction={fraction} label="The update" />}
            <PhaseLadder update={update} />
            {final && <VerdictSection update={update} />}
            {final && <ProbeComparison update={update} />}
            <LossCurve points={trace.losses} running={update.state === 'training'} />
            {update.state === 'awaiting_review' ? (
              <ReviewForm updateId={id} />
            ) : (
              <SelfEditList updateId={id} studying={update.state === 'studying'} written={trace.written} />
            )}
          </>
        )
      }}
    </Loaded>
  )
}

const kinds: Record<Update['kind'], string> = {
  incorporate: 'Update',
  consolidate: 'Consolidation',
  evaluate: 'Evaluation',
  forget: 'Deletion',
  practice: 'Practice',
}

function UpdateHead({ update }: { update: Update }) {
  const [documentId] = update.document_ids
  const document = useResource<DocumentWithText>(documentId === undefined ? null : `/v1/documents/${documentId}`)
  const others = update.document_ids.length - 1
  const kind = kinds[update.kind] ?? 'Update'
  const title = document.data?.title ?? (documentId === undefined ? `${kind} of ${update.model}` : 'A document')
  return (
    <PageHead
      kind={kind}
      title={others > 0 ? `${title} and ${others} more` : title}
      actions={!isFinal(update.state) && <CancelButton update={update} />}
    >
      <StateMark state={update.state} />
      {update.version !== null && (
        <>
          {' '}
          as <Link href="/versions">v{update.version}</Link>
        </>
      )}
      {', given '}
      <Moment at={update.created_at} />.{' '}
      {documentId !== undefined && <Link href={`/documents/${documentId}`}>Read the document</Link>}
    </PageHead>
  )
}

function CancelButton({ update }: { update: Update }) {
  async function cancel(): Promise<void> {
    try {
      await call('POST', `/v1/updates/${update.id}/cancel`)
      await refresh('/v1/updates')
    } catch (error) {
      sayTrouble(error)
    }
  }
  return (
    <button type="button" disabled={update.cancel_requested} onClick={() => void cancel()}>
      {update.cancel_requested ? 'Stopping…' : 'Stop this update'}
    </button>
  )
}
