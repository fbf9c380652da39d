// The questions of an update before and after it: those of its own documents, and the older ones whose answer changed.
import { useList, useResource } from '../wire/resource.ts'
import type { Evaluation, Update, VersionBody } from '../wire/types.ts'
import { ProbeTable } from './probe-table.tsx'
import { pairEvaluations } from './pair-evaluations.ts'

export function ProbeComparison({ update }: { update: Update }) {
  const { model, version, document_ids: newIds } = update
  const measured = useList<Evaluation>(`/v1/updates/${update.id}/evaluations`)
  const promoted = useResource<VersionBody>(version === null ? null : `/v1/models/${model}/versions/${version}`)
  const parent = promoted.data?.parent ?? null
  const earlier = useList<Evaluation>(parent === null ? null : `/v1/models/${model}/versions/${parent}/evaluations`)
  const all = measured.data ?? []
  const isNew = ({ document_id: id }: Evaluation) => newIds.includes(id)
  const candidate = all.filter((evaluation) => evaluation.version !== 0)
  const own = pairEvaluations(
    all.filter((evaluation) => evaluation.version === 0),
    candidate.filter(isNew),
  )
  const changed = pairEvaluations(
    earlier.data ?? [],
    candidate.filter((evaluation) => !isNew(evaluation)),
  ).filter(({ before, after }) => before !== undefined && before.correct !== after.correct)
  if (own.length === 0 && changed.length === 0) return null
  return (
    <>
      {own.length > 0 && (
        <section aria-labelledby="own-probes">
          <h2 id="own-probes">Its questions</h2>
          <p class="lead">Never trained on; asked of the bare base and of the weights as they would be.</p>
          <ProbeTable caption="The update's own questions" before="Base" after="Candidate" rows={own} />
        </section>
      )}
      {changed.length > 0 && (
        <section aria-labelledby="older-probes">
          <h2 id="older-probes">Older questions answered otherwise</h2>
          <ProbeTable
            caption="Older questions whose answer changed"
            before={`v${parent}`}
            after="Candidate"
            rows={changed}
          />
        </section>
      )}
    </>
  )
}
