// A candidate asked, and held against the version it was made from: what an update that teaches and one that deletes have
// both to know before anything is promoted. Of the questions that the same adapters answer in both versions a share is asked
// again each time, in turn: damage that no update did is found, and a model of a thousand documents is not asked them all.
import { listOpenLosses, type OpenLoss } from '../../shared/alerts/open-losses.ts'
import type { Db } from '../../shared/database/database.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { findLineage } from '../../shared/evaluations/find-lineage.ts'
import { findNoiseFloor } from '../../shared/evaluations/find-noise-floor.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import type { RoutedVersion } from '../../shared/router/pick-adapters.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import type { Forgetting } from '../../shared/versions/verdict.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { changesOf, changesOfLineage, pairAnswers, type AnswerPair } from '../monitor/compare.ts'
import { measureForgetting } from '../monitor/forgetting.ts'
import { judgeRetention, type RetentionJudgement } from '../monitor/judge-retention.ts'
import type { ProbeChange } from '../monitor/question-losses.ts'
import type { IncorporateParts } from './incorporate.ts'
import { answersThatHold, measureCandidate } from './measure-candidate.ts'
import { measureControl, type ControlMemory } from './measure-control.ts'
import { measureDrift } from './measure-drift.ts'

/** Twenty documents with their five questions, about half a minute on two cores. */
export const REASKED_MAX = 100

export interface MeasuredVersion extends RoutedVersion {
  evaluations: readonly EvaluationInput[]
}

/** The head that an update starts from, with all that was measured on the way to it. */
export interface Parent extends MeasuredVersion {
  model: string
  number: number
  history: readonly (readonly ProbeChange[])[]
  noiseFloor: number
  /** Their documents are asked again in any case: each update may be the one that finds them recovered. */
  openLosses: readonly OpenLoss[]
  /** Answers to the control questions, kept over the strengths at which one candidate is tried. */
  controlAnswers: ControlMemory
}

export interface Candidate extends RoutedVersion {
  /** Adapters just trained, by key. */
  trained: ReadonlyMap<string, Adapter>
}

export interface Comparison extends MeasuredVersion {
  /** Of the documents that the update is about, which are compared with nothing. */
  own: EvaluationInput[]
  /** The other documents' questions, asked of the parent and of the candidate. */
  pairs: AnswerPair[]
  retention: RetentionJudgement
  forgetting: Forgetting
}

export interface CompareOptions {
  probes: readonly Probe[]
  /** Ids of the documents that the update is about: what it taught, or what it took away, is asked in any case. */
  own: readonly string[]
  /** One-sided level of the pooled test. */
  alpha: number
  /** So many questions are asked again though the same adapters answer them (REASKED_MAX). */
  reaskedMax: number
  /** A measured version whose answers count where the same adapters give them; else the parent. */
  earlier?: MeasuredVersion | undefined
  /** Probes answered so far. */
  onProgress: (done: number) => void
  signal: AbortSignal
}

/** Throws `not_found`; `adapter_unavailable` when a document that the head was taught has no row any more. */
export async function loadParent(db: Db, model: { id: string; name: string }): Promise<Parent> {
  const { number, manifest } = await getHead(db, model.name)
  return {
    ...{ model: model.name, number, manifest },
    router: await loadRouter(db, manifest),
    evaluations: [...(await findEvaluations(db, model.id, number)).values()],
    history: changesOfLineage(await findLineage(db, model.id, number)),
    noiseFloor: await findNoiseFloor(db, model.id),
    openLosses: await listOpenLosses(db, model.id),
    controlAnswers: new Map(),
  }
}

/** Throws `adapter_unavailable`, and the signal's reason. */
export async function compareWithParent(
  parts: Pick<IncorporateParts, 'engine' | 'store' | 'judge'>,
  parent: Parent,
  candidate: Candidate,
  { probes, own, alpha, reaskedMax, earlier = parent, onProgress, signal }: CompareOptions,
): Promise<Comparison> {
  const { manifest, router, trained } = candidate
  const askedAnyway = new Set([...own, ...parent.openLosses.map(({ documentId }) => documentId)])
  const trusted = earlier.evaluations.filter(({ documentId }) => !askedAnyway.has(documentId))
  const holding = answersThatHold(trusted, probes, [earlier, candidate])
  const known = leaveOut(holding, reaskedMax, parent.number * reaskedMax)
  const evaluations = await measureCandidate(parts, { ...candidate, probes, known, onProgress, signal })
  const isOwn = ({ documentId }: EvaluationInput) => own.includes(documentId)
  const pairs = pairAnswers(
    parent.evaluations,
    evaluations.filter((evaluation) => !isOwn(evaluation)),
  )
  const withTrained = { engine: parts.engine, store: parts.store, trained }
  const klBits = await measureDrift(withTrained, { manifest, router, signal })
  const control = await measureControl(withTrained, {
    ...{ before: parent, after: candidate, memory: parent.controlAnswers, signal },
  })
  const probeOf = new Map(probes.map((probe) => [probe.id, probe]))
  const { tokenizer } = parts.engine
  const goldTokens = (probeId: string) =>
    tokenizer.encode(probeOf.get(probeId)?.answer.trim() ?? '', { addSpecial: false }).length
  const { history, noiseFloor } = parent
  const changes = changesOf(pairs, (probeId) => probeOf.get(probeId)?.documentId)
  return {
    ...{ manifest, router, evaluations, pairs },
    own: evaluations.filter(isOwn),
    retention: judgeRetention({ changes, history, control, noiseFloor, alpha }),
    forgetting: measureForgetting(pairs, goldTokens, klBits),
  }
}

/** Without `count` of the answers, from the `from`-th on and round again. */
function leaveOut(evaluations: readonly EvaluationInput[], count: number, from: number): EvaluationInput[] {
  const ids = evaluations.flatMap(({ answers }) => answers.map(({ probeId }) => probeId))
  const isLeft = (at: number) => (at - (from % ids.length) + ids.length) % ids.length < count
  const left = new Set(ids.filter((_, at) => isLeft(at)))
  return evaluations.map((each) => ({ ...each, answers: each.answers.filter(({ probeId }) => !left.has(probeId)) }))
}
