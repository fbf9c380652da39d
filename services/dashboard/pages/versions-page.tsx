// The versions as a timeline, newest first, with the candidates that became none between them. A version off the head's own
// line was rolled back from; it stands aside, and can be made the head again.
import { Loaded } from '../parts/loaded.tsx'
import { CompareForm } from '../parts/compare-form.tsx'
import { PageHead } from '../parts/page.tsx'
import { RejectedItem, VersionItem } from '../parts/version-item.tsx'
import { chosenModel } from '../wire/chosen-model.ts'
import { useList, useResource } from '../wire/resource.ts'
import type { Page, Retention, Update, VersionBody } from '../wire/types.ts'

export function VersionsPage() {
  const model = chosenModel.value
  const versions = useList<VersionBody>(`/v1/models/${model}/versions`, 8_000)
  const retention = useResource<Retention>(`/v1/models/${model}/retention`, 8_000)
  const updates = useResource<Page<Update>>(`/v1/updates?model=${model}&limit=100`, 8_000)
  const head = retention.data?.head
  return (
    <>
      <PageHead title="Versions">
        Nothing is overwritten: every version can answer, and any of them can be made the one that does.
      </PageHead>
      <Loaded of={versions} what="the versions">
        {(list) => {
          const lineage = lineageOf(list, head)
          const items = [
            ...list.map((version) => ({ at: version.created_at, order: version.version, version, update: undefined })),
            ...(updates.data?.data ?? [])
              .filter(({ state, kind }) => state === 'rejected' && kind !== 'evaluate' && kind !== 'practice')
              .map((update) => ({ at: update.finished_at ?? 0, order: 0, version: undefined, update })),
          ].sort((a, b) => b.at - a.at || b.order - a.order)
          return (
            <>
              {list.length > 1 && head !== undefined && (
                <CompareForm versions={list.map(({ version }) => version)} chosen={{ before: 0, after: head }} />
              )}
              <ol class="timeline">
                {items.map(({ version, update }) =>
                  version === undefined ? (
                    update !== undefined && <RejectedItem key={update.id} update={update} />
                  ) : (
                    <VersionItem
                      key={version.id}
                      version={version}
                      update={updates.data?.data.find(({ id }) => id === version.update_id)}
                      retention={retention.data}
                      standing={version.version === head ? 'head' : lineage.has(version.version) ? 'line' : 'aside'}
                      head={head}
                    />
                  ),
                )}
              </ol>
            </>
          )
        }}
      </Loaded>
    </>
  )
}

/** The head, its parent, and so on to the base. */
function lineageOf(versions: readonly VersionBody[], head: number | undefined): ReadonlySet<number> {
  const parents = new Map(versions.map(({ version, parent }) => [version, parent]))
  const lineage = new Set<number>()
  for (let at: number | null | undefined = head; typeof at === 'number'; at = parents.get(at)) lineage.add(at)
  return lineage
}
