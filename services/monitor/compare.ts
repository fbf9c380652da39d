// Two evaluations of the same probes side by side: what the verdict counts and what an alert shows. Pairs are formed
// by probe; a probe that only one side was asked is left out. Where different graders graded the two answers, right and wrong
// count as unchanged, or a judge that was away would look like knowledge lost; how likely the right answer is compares still.
import type { AlertEvidence } from '../../shared/alerts/alert.ts'
import { GRADED_BY_WORDS, GRADED_WITHOUT_JUDGE } from '../../shared/evaluations/evaluation.ts'
import type { EvaluationAnswer, EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import type { Tally } from '../../shared/updates/update.ts'
import type { ProbeChange } from './question-losses.ts'
import type { Measure } from './verdict.ts'

const EVIDENCE_NATS = 0.1
const EVIDENCE_MAX = 10

export interface AnswerPair {
  probeId: string
  before: EvaluationAnswer
  after: EvaluationAnswer
}

/** In the order of `after`. */
export function pairAnswers(before: readonly EvaluationInput[], after: readonly EvaluationInput[]): AnswerPair[] {
  const earlier = new Map(before.flatMap(({ answers }) => answers).map((answer) => [answer.probeId, answer]))
  return after
    .flatMap(({ answers }) => answers)
    .flatMap((answer) => {
      const known = earlier.get(answer.probeId)
      if (!known) return []
      const after = graderOf(known) === graderOf(answer) ? answer : { ...answer, correct: known.correct }
      return [{ probeId: answer.probeId, before: known, after }]
    })
}

function graderOf({ gradedBy = GRADED_BY_WORDS }: EvaluationAnswer): string {
  return gradedBy === GRADED_WITHOUT_JUDGE ? GRADED_BY_WORDS : gradedBy
}

/** What changed from one measurement to the next, as the statistics take it. `documentOf` knows a probe's document. */
export function changesOf(
  pairs: readonly AnswerPair[],
  documentOf: (probeId: string) => string | undefined,
): ProbeChange[] {
  return pairs.flatMap(({ probeId, before, after }) => {
    const documentId = documentOf(probeId)
    return documentId === undefined ? [] : [{ documentId, probeId, before, after }]
  })
}

/** The changes of each update on the way to the last of these versions, the oldest first. */
export function changesOfLineage(lineage: readonly (readonly EvaluationInput[])[]): ProbeChange[][] {
  return lineage.slice(1).map((version, index) => {
    const documents = new Map(
      version.flatMap(({ documentId, answers }) => answers.map(({ probeId }) => [probeId, documentId])),
    )
    return changesOf(pairAnswers(lineage[index] ?? [], version), (probeId) => documents.get(probeId))
  })
}

/** Right answers before and after; null where nothing was asked twice. */
export function tallyPairs(pairs: readonly AnswerPair[]): Tally | null {
  if (pairs.length === 0) return null
  const right = (side: 'before' | 'after') => pairs.filter((pair) => pair[side].correct).length
  return { before: right('before'), after: right('after'), total: pairs.length }
}

/** Right answers, questions, and the mean log-probability of the gold answers over all given evaluations. */
export function measure(evaluations: readonly EvaluationInput[]): Measure {
  const answers = evaluations.flatMap((evaluation) => evaluation.answers)
  const logprobSum = answers.reduce((sum, { logprob }) => sum + logprob, 0)
  return {
    correct: answers.filter(({ correct }) => correct).length,
    total: answers.length,
    logprob: answers.length > 0 ? logprobSum / answers.length : 0,
  }
}

/**
 * The questions that were lost, with both answers; where none turned wrong, the ten whose right answer became less likely
 * by most, at least `EVIDENCE_NATS`.
 */
export function collectEvidence(probes: readonly Probe[], pairs: readonly AnswerPair[]): AlertEvidence[] {
  const byId = new Map(probes.map((probe) => [probe.id, probe]))
  const lost = pairs.filter(({ before, after }) => before.correct && !after.correct)
  const lossOf = ({ before, after }: AnswerPair) => before.logprob - after.logprob
  const fallen = pairs.filter((pair) => lossOf(pair) >= EVIDENCE_NATS).toSorted((a, b) => lossOf(b) - lossOf(a))
  return (lost.length > 0 ? lost : fallen.slice(0, EVIDENCE_MAX)).flatMap(({ probeId, before, after }) => {
    const probe = byId.get(probeId)
    if (!probe) return []
    const { documentId: document_id, question, answer: gold } = probe
    return [{ document_id, probe_id: probeId, question, gold, before: pick(before), after: pick(after) }]
  })
}

function pick({ answer, correct, logprob }: EvaluationAnswer): AlertEvidence['before'] {
  return { answer, correct, logprob }
}
