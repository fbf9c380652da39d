// Asks a candidate every probe as it would be asked by a user: routed, by the adapter that the route leads to. Adapters
// are loaded one after another, so that a model of a thousand documents is measured in the memory of one.
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { pickAdapters } from '../../shared/router/pick-adapters.ts'
import type { Router } from '../../shared/router/router.ts'
import type { Manifest, ManifestAdapter } from '../../shared/versions/manifest.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine } from '../engine/engine.ts'
import type { AnswerJudge } from '../monitor/answer-judge.ts'
import { collectByDocument, evaluate } from '../monitor/evaluate.ts'
import { loadSum } from './load-adapters.ts'

export interface CandidateQuestions {
  manifest: Manifest
  router: Router
  probes: readonly Probe[]
  /** Adapters in memory already, by key: the ones just trained. */
  trained: ReadonlyMap<string, Adapter>
  /**
   * An earlier measurement of the same candidate, in which only the adapters of `trained` acted otherwise: the questions
   * that none of them answers are not asked again.
   */
  earlier?: readonly EvaluationInput[]
  /** Probes answered so far. */
  onProgress?: (done: number) => void
  signal: AbortSignal
}

/** One evaluation a document, in the order of the probes. Throws `adapter_unavailable`, and the signal's reason. */
export async function measureCandidate(
  { engine, store, judge = null }: { engine: Engine; store: ObjectStore; judge?: AnswerJudge | null },
  { manifest, router, probes, trained, earlier = [], onProgress, signal }: CandidateQuestions,
): Promise<EvaluationInput[]> {
  const known = new Set(earlier.flatMap(({ answers }) => answers).map(({ probeId }) => probeId))
  const groups = new Map<string, { entries: readonly ManifestAdapter[]; asked: Probe[] }>()
  for (const probe of probes) {
    const entries = pickAdapters(manifest, router, probe.question)
    if (known.has(probe.id) && !entries.some(({ key }) => trained.has(key))) continue
    const key = entries.map((entry) => entry.key).join()
    const group = groups.get(key) ?? { entries, asked: [] }
    group.asked.push(probe)
    groups.set(key, group)
  }
  const parts: EvaluationInput[] = [...earlier]
  let done = 0
  for (const { entries, asked } of groups.values()) {
    const adapter = await loadSum({ engine, store, trained }, entries)
    const before = done
    parts.push(
      ...(await evaluate(engine, {
        probes: asked,
        adapterFor: () => adapter,
        judge,
        onProgress: (count) => onProgress?.(before + count),
        signal,
      })),
    )
    done += asked.length
  }
  // Probes of one document may have led to different adapters; of two answers to a probe the later counts.
  const answers = new Map(parts.flatMap((part) => part.answers).map((answer) => [answer.probeId, answer]))
  return collectByDocument(probes, answers)
}
