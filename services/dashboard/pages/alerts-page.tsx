// What the monitor found damaged, newest first, each with its evidence question by question. An alert that is linked to by
// its id stands first and open.
import { Link } from 'wouter-preact'
import { at, count, nats, pValue } from '../parts/format.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { PageHead } from '../parts/page.tsx'
import { ProbeTable } from '../parts/probe-table.tsx'
import { chosenModel } from '../wire/chosen-model.ts'
import { useList, useResource } from '../wire/resource.ts'
import type { Alert, DocumentWithText } from '../wire/types.ts'

/** `linked`: the id of the alert that the address names. */
export function AlertsPage({ linked }: { linked?: string }) {
  const alerts = useList<Alert>(`/v1/alerts?model=${chosenModel.value}`, 10_000)
  return (
    <>
      <PageHead title="Alerts">
        Raised when an update, or time, made older knowledge less likely than chance explains.{' '}
        <Link href="/webhooks">Webhooks</Link> are told as well.
      </PageHead>
      <Loaded of={alerts} what="the alerts">
        {(list) =>
          list.length === 0 ? (
            <p class="empty">None. Everything learned is still known.</p>
          ) : (
            <ol class="alerts">
              {[...list]
                .sort((a, b) => Number(b.id === linked) - Number(a.id === linked))
                .map((alert, index) => (
                  <AlertItem key={alert.id} alert={alert} open={index === 0} />
                ))}
            </ol>
          )
        }
      </Loaded>
    </>
  )
}

function AlertItem({ alert, open }: { alert: Alert; open: boolean }) {
  const { evidence, version } = alert
  const regressed = alert.documents.filter(({ outcome }) => outcome === 'regressed')
  return (
    <li class="alert">
      <p class="alert-when">
        <Moment at={alert.created_at} />
        <span class="hint">{at(alert.created_at)}</span>
      </p>
      <div>
        <h2>
          {headingOf(alert)}
          <span class="alert-p">{pValue(alert.p_value)}</span>
        </h2>
        <p>
          {version === null
            ? 'A candidate that was rejected; what answers is unharmed.'
            : `In v${version}, which answers all the same.`}{' '}
          Caused by <Link href={`/updates/${alert.update_id}`}>the update</Link>
          {alert.document_ids.map((documentId) => (
            <DocumentName key={documentId} id={documentId} before=" with " />
          ))}
          .
        </p>
        {regressed.length > 0 && (
          <ul class="alert-documents">
            {regressed.map(({ document_id: documentId, mean_loss: meanLoss, questions, q_value: q }) => (
              <li key={documentId}>
                <DocumentName id={documentId} /> <span class="number">{nats(-meanLoss)}</span> nats over{' '}
                {count(questions, 'question')}, q = <span class="number">{q.toFixed(3)}</span>
                {version !== null && !alert.open_document_ids.includes(documentId) && (
                  <span class="good"> known again</span>
                )}
              </li>
            ))}
          </ul>
        )}
        {regressed.length === 0 && alert.open_document_ids.length > 0 && (
          <p>None stands out; watched until known again: {count(alert.open_document_ids.length, 'document')}.</p>
        )}
        {evidence.length > 0 && (
          <details open={open}>
            <summary>{count(evidence.length, 'question')} answered otherwise</summary>
            <ProbeTable
              caption="Evidence of the alert"
              rows={evidence.map(({ probe_id: id, question, gold, before, after }) => ({
                id,
                question,
                gold,
                before,
                after,
              }))}
            />
          </details>
        )}
        <p class="hint">Test: {alert.statistic.replaceAll('_', ' ')}.</p>
      </div>
    </li>
  )
}

function headingOf({ evidence, statistic }: Alert): string {
  const lost = evidence.filter(({ before, after }) => before.correct && !after.correct).length
  if (lost > 0) return `${count(lost, 'answer')} lost`
  return statistic.startsWith('control') ? 'What no document taught has moved' : 'Older answers became less likely'
}

function DocumentName({ id, before = '' }: { id: string; before?: string }) {
  const { data } = useResource<DocumentWithText>(`/v1/documents/${id}`)
  return (
    <>
      {before}
      <Link href={`/documents/${id}`}>{data?.title ?? 'a document'}</Link>
    </>
  )
}
