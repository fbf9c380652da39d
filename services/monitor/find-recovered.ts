// Whether a document that an alert called damaged is itself again. No chance has to be ruled out: an alert is held open until
// the answers are as likely as before the loss, by the measure that calls an unchanged version damaged.
import type { OpenLoss } from '../../shared/alerts/open-losses.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { pairAnswers } from './compare.ts'
import { LOSS_MIN } from './judge-documents.ts'

/** Ids of the documents that recovered from every loss of theirs, in the order of `losses`; one not asked has not. */
export function findRecovered(losses: readonly OpenLoss[], evaluations: readonly EvaluationInput[]): string[] {
  const open = losses.filter(({ before }) => !isAsBefore(before, evaluations)).map(({ documentId }) => documentId)
  return [...new Set(losses.map(({ documentId }) => documentId))].filter((id) => !open.includes(id))
}

function isAsBefore(before: EvaluationInput, evaluations: readonly EvaluationInput[]): boolean {
  const pairs = pairAnswers([before], evaluations)
  const lost = pairs.reduce((sum, pair) => sum + pair.before.logprob - pair.after.logprob, 0)
  return pairs.length > 0 && lost / pairs.length < LOSS_MIN
}
