// What two versions are made of, as a difference: adapters by the documents they hold.
import { useResource } from '../wire/resource.ts'
import type { Retention, VersionBody } from '../wire/types.ts'

interface ManifestDiffProps {
  model: string
  before: number
  after: number
  documents: Retention['documents']
}

type AdapterEntry = NonNullable<VersionBody['manifest']>['adapters'][number]

export function ManifestDiff({ model, before, after, documents }: ManifestDiffProps) {
  const older = useResource<VersionBody>(`/v1/models/${model}/versions/${before}`).data
  const newer = useResource<VersionBody>(`/v1/models/${model}/versions/${after}`).data
  if (older === undefined || newer === undefined) return null
  const had = older.manifest?.adapters ?? []
  const has = newer.manifest?.adapters ?? []
  const same = (a: AdapterEntry) => (b: AdapterEntry) => a.key === b.key && a.scale === b.scale
  const removed = had.filter((entry) => !has.some(same(entry)))
  const added = has.filter((entry) => !had.some(same(entry)))
  const kept = has.length - added.length
  const nameOf = (entry: AdapterEntry): string =>
    entry.documents.map((id) => documents.find((document) => document.id === id)?.title ?? 'a document').join(', ')
  const line = (sign: '+' | '−', entry: AdapterEntry) => (
    <li key={`${sign}${entry.key}${entry.scale}`} class={sign === '+' ? 'added' : 'removed'}>
      <span class="sign">
        {sign}
        <span class="unseen">{sign === '+' ? ' added:' : ' removed:'}</span>
      </span>{' '}
      {nameOf(entry)}{' '}
      <span class="note">
        adapter {entry.sha256.slice(0, 12)}
        {entry.scale !== 1 && `, at ${Math.round(entry.scale * 100)} %`}
      </span>
    </li>
  )
  return (
    <section aria-labelledby="made-of">
      <h2 id="made-of">Made of</h2>
      <ul class="manifest-diff">
        {removed.map((entry) => line('−', entry))}
        {added.map((entry) => line('+', entry))}
        {kept > 0 && (
          <li class="kept">
            <span class="sign" aria-hidden="true">
              =
            </span>{' '}
            {kept} {kept === 1 ? 'adapter' : 'adapters'} unchanged
          </li>
        )}
        {removed.length + added.length + kept === 0 && <li class="kept">Both are the bare base.</li>}
      </ul>
    </section>
  )
}
