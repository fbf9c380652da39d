// Two versions beside each other: the documents that came or went, the adapters, and every question whose answer changed.
import { Link } from 'wouter-preact'
import { CompareForm } from '../parts/compare-form.tsx'
import { Figures } from '../parts/figures.tsx'
import { count, signed } from '../parts/format.ts'
import { Loaded } from '../parts/loaded.tsx'
import { ManifestDiff } from '../parts/manifest-diff.tsx'
import { PageHead } from '../parts/page.tsx'
import { pairEvaluations } from '../parts/pair-evaluations.ts'
import { ProbeTable, type ProbeRow } from '../parts/probe-table.tsx'
import { rollBack } from '../wire/roll-back.ts'
import { chosenModel } from '../wire/chosen-model.ts'
import { useList, useResource } from '../wire/resource.ts'
import type { Evaluation, Retention } from '../wire/types.ts'

export function ComparePage({ before, after }: { before: number; after: number }) {
  const model = chosenModel.value
  const retention = useResource<Retention>(`/v1/models/${model}/retention`)
  const ofBefore = useList<Evaluation>(`/v1/models/${model}/versions/${before}/evaluations`)
  const ofAfter = useList<Evaluation>(`/v1/models/${model}/versions/${after}/evaluations`)
  const rows = pairEvaluations(ofBefore.data ?? [], ofAfter.data ?? [])
  const head = retention.data?.head
  return (
    <>
      <PageHead
        kind="Comparison"
        title={`v${before} and v${after}`}
        actions={
          head !== undefined &&
          [before, after]
            .filter((version) => version !== head)
            .map((version) => (
              <button key={version} type="button" onClick={() => void rollBack(model, version, head)}>
                Make v{version} answer
              </button>
            ))
        }
      >
        What {model} says otherwise now. <Link href="/versions">All versions</Link>
      </PageHead>
      {retention.data !== undefined && (
        <CompareForm key={`${before}-${after}`} versions={retention.data.versions} chosen={{ before, after }} />
      )}
      <ManifestDiff model={model} before={before} after={after} documents={retention.data?.documents ?? []} />
      <Loaded of={ofAfter} what="the answers">
        {() => <Changes rows={rows} before={before} after={after} />}
      </Loaded>
    </>
  )
}

function Changes({ rows, before, after }: { rows: readonly ProbeRow[]; before: number; after: number }) {
  const both = rows.filter((row) => row.before !== undefined)
  const lost = both.filter((row) => row.before?.correct === true && !row.after.correct)
  const won = both.filter((row) => row.before?.correct === false && row.after.correct)
  const mean =
    both.reduce((sum, row) => sum + row.after.logprob - (row.before?.logprob ?? 0), 0) / Math.max(1, both.length)
  return (
    <>
      <Figures
        figures={[
          {
            name: 'Asked of both',
            value: both.length,
            ...(rows.length > both.length
              ? { note: `${count(rows.length - both.length, 'question')} of one only` }
              : {}),
          },
          { name: 'Won', value: won.length, ...(won.length > 0 ? { tone: 'good' as const } : {}) },
          { name: 'Lost', value: lost.length, ...(lost.length > 0 ? { tone: 'bad' as const } : {}) },
          { name: 'Log-likelihood', value: signed(mean, 2), note: 'nats a question' },
        ]}
      />
      {won.length + lost.length === 0 && <p class="empty">Both answer the same questions right.</p>}
      {[
        { name: 'Lost', of: lost },
        { name: 'Won', of: won },
      ].map(
        ({ name, of }) =>
          of.length > 0 && (
            <section key={name} aria-labelledby={name}>
              <h2 id={name}>{name}</h2>
              <ProbeTable caption={`${name}: questions`} before={`v${before}`} after={`v${after}`} rows={of} />
            </section>
          ),
      )}
    </>
  )
}
