// Asks a candidate every probe as it would be asked by a user: routed, by the adapter that the route leads to. Adapters
// are loaded one after another, so that a model of a thousand documents is measured in the memory of one.
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { adaptersKey, groupByAdapters, pickAdapters, type RoutedVersion } from '../../shared/router/pick-adapters.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine } from '../engine/engine.ts'
import type { AnswerJudge } from '../monitor/answer-judge.ts'
import { collectByDocument, evaluate } from '../monitor/evaluate.ts'
import { loadSum } from './load-adapters.ts'

export interface CandidateQuestions extends RoutedVersion {
  probes: readonly Probe[]
  /** Adapters in memory already, by key: the ones just trained. */
  trained: ReadonlyMap<string, Adapter>
  /** Answers that are known to be the candidate's too (answersThatHold): their questions are not asked. */
  known?: readonly EvaluationInput[]
  /** Probes answered so far, those of `known` among them. */
  onProgress?: (done: number) => void
  signal: AbortSignal
}

/** One evaluation a document, in the order of the probes. Throws `adapter_unavailable`, and the signal's reason. */
export async function measureCandidate(
  { engine, store, judge = null }: { engine: Engine; store: ObjectStore; judge?: AnswerJudge | null },
  { manifest, router, probes, trained, known = [], onProgress, signal }: CandidateQuestions,
): Promise<EvaluationInput[]> {
  const parts: EvaluationInput[] = [...known]
  const answered = new Set(parts.flatMap(({ answers }) => answers).map(({ probeId }) => probeId))
  const asked = probes.filter(({ id }) => !answered.has(id))
  let done = probes.length - asked.length
  for (const { entries, items } of groupByAdapters(asked, ({ question }) => pickAdapters(manifest, router, question))) {
    const adapter = await loadSum({ engine, store, trained }, entries)
    const before = done
    parts.push(
      ...(await evaluate(engine, {
        probes: items,
        adapterFor: () => adapter,
        judge,
        onProgress: (count) => onProgress?.(before + count),
        signal,
      })),
    )
    done += items.length
  }
  // Probes of one document may have led to different adapters.
  const answers = new Map(parts.flatMap((part) => part.answers).map((answer) => [answer.probeId, answer]))
  return collectByDocument(probes, answers)
}

/** Of answers given by one version those that another gives too: the same adapters answer, at the same strength. */
export function answersThatHold(
  evaluations: readonly EvaluationInput[],
  probes: readonly Probe[],
  [one, other]: readonly [RoutedVersion, RoutedVersion],
): EvaluationInput[] {
  const answeredBy = ({ manifest, router }: RoutedVersion, { question }: Probe) =>
    adaptersKey(pickAdapters(manifest, router, question))
  const unchanged = new Set(
    probes.filter((probe) => answeredBy(one, probe) === answeredBy(other, probe)).map(({ id }) => id),
  )
  return evaluations.map((evaluation) => ({
    ...evaluation,
    answers: evaluation.answers.filter(({ probeId }) => unchanged.has(probeId)),
  }))
}
