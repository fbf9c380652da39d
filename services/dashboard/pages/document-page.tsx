// One document: its text, the questions it is measured by, and what each version knew of it.
import { Link } from 'wouter-preact'
import { useHashLocation } from 'wouter-preact/use-hash-location'
import { Band } from '../parts/band.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { PageHead } from '../parts/page.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { SureButton } from '../parts/sure-button.tsx'
import { sayTrouble } from '../parts/toasts.tsx'
import { call } from '../wire/call.ts'
import { useResource } from '../wire/resource.ts'
import type { DocumentWithText, Retention, Update } from '../wire/types.ts'

export function DocumentPage({ id }: { id: string }) {
  const document = useResource<DocumentWithText>(`/v1/documents/${id}`)
  return (
    <Loaded of={document} what="the document">
      {(data) => (
        <>
          <PageHead kind="Document" title={data.title} actions={<DeleteButton document={data} />}>
            Given to <strong>{data.model}</strong> <Moment at={data.created_at} />.{' '}
            <Link href={`/updates/${data.update_id}`}>
              <StateMark state={data.state} />
            </Link>
          </PageHead>
          <Trace id={id} model={data.model} />
          <section aria-labelledby="text">
            <h2 id="text">Text</h2>
            <div class="manuscript prose">{data.text}</div>
          </section>
          {data.questions.length > 0 && (
            <section aria-labelledby="questions">
              <h2 id="questions">Questions given with it</h2>
              <dl class="questions">
                {data.questions.map(({ question, answer }) => (
                  <div key={question}>
                    <dt>{question}</dt>
                    <dd>{answer}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
        </>
      )}
    </Loaded>
  )
}

/** Deletion is an update too; its page tells what is still answered. */
function DeleteButton({ document: { id, title } }: { document: DocumentWithText }) {
  const [, go] = useHashLocation()
  async function remove(): Promise<void> {
    try {
      const update = await call<Update>('DELETE', `/v1/documents/${id}`)
      go(`/updates/${update.id}`)
    } catch (error) {
      sayTrouble(error)
    }
  }
  return (
    <SureButton sure={`Take “${title}” out of the weights`} onSure={() => void remove()}>
      Delete it
    </SureButton>
  )
}

/** Its column of the retention matrix, from the base on. */
function Trace({ id, model }: { id: string; model: string }) {
  const { data } = useResource<Retention>(`/v1/models/${model}/retention`)
  const column = data?.documents.findIndex((document) => document.id === id) ?? -1
  if (data === undefined || column < 0) return null
  const cells = data.versions.map((version, row) => ({ name: `v${version}`, cell: data.matrix[row]?.[column] ?? null }))
  return (
    <section aria-labelledby="trace">
      <h2 id="trace">Known by each version</h2>
      <Band cells={cells} named />
      <p class="hint">
        The share of its questions answered right, from the base on. <Link href="/retention">All documents</Link>
      </p>
    </section>
  )
}
