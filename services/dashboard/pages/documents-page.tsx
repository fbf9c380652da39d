// What the model was given, newest first, each with where it stands. The model's readings stand above, since they are what
// one comes to see.
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { ComposeDocument } from '../parts/compose-document.tsx'
import { DocumentRow } from '../parts/document-row.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ModelReadings } from '../parts/model-readings.tsx'
import { PageHead } from '../parts/page.tsx'
import { chosenModel } from '../wire/chosen-model.ts'
import { useResource } from '../wire/resource.ts'
import type { Document, Page, Retention, Update } from '../wire/types.ts'

const pageSize = 25

export function DocumentsPage() {
  const model = chosenModel.value
  const [shown, setShown] = useState(pageSize)
  const limit = Math.min(shown, 100)
  const documents = useResource<Page<Document>>(`/v1/documents?model=${model}&limit=${limit}`, 4_000)
  const updates = useResource<Page<Update>>(`/v1/updates?model=${model}&limit=100`, 4_000)
  const retention = useResource<Retention>(`/v1/models/${model}/retention`, 10_000)
  const byId = new Map(updates.data?.data.map((update) => [update.id, update]))
  return (
    <>
      <PageHead title="Documents">
        Each becomes one update of <strong>{model}</strong>: it is studied, written into the weights, and everything
        older is asked again.
      </PageHead>
      <ModelReadings />
      <ComposeDocument />
      <section aria-labelledby="given">
        <h2 id="given">Given to {model}</h2>
        <Loaded of={documents} what="the documents">
          {({ data, has_more: hasMore }) =>
            data.length === 0 ? (
              <p class="empty">
                None yet. Paste one above; a paragraph that states facts is enough, and then{' '}
                <Link href="/ask">ask</Link> about it.
              </p>
            ) : (
              <>
                <ol class="document-list">
                  {data.map((document) => (
                    <DocumentRow
                      key={document.id}
                      document={document}
                      update={byId.get(document.update_id)}
                      left={isLeft(document, retention.data)}
                    />
                  ))}
                </ol>
                {hasMore && limit < 100 && (
                  <button type="button" onClick={() => setShown(shown + pageSize)}>
                    Show older ones
                  </button>
                )}
                {hasMore && limit === 100 && <p class="hint">The newest hundred; the API lists the rest.</p>}
              </>
            )
          }
        </Loaded>
      </section>
    </>
  )
}

/** It was learned, but the version that answers does not hold it: the head was rolled back behind it. */
function isLeft({ id, state }: Document, retention: Retention | undefined): boolean {
  const column = retention?.documents.findIndex((document) => document.id === id) ?? -1
  if (state !== 'promoted' || retention === undefined || column < 0) return false
  return retention.matrix[retention.versions.indexOf(retention.head)]?.[column] === null
}
