// Whether a document that an alert called damaged is itself again. No chance has to be ruled out: an alert is held open until
// the answers are as likely as before the loss, by the measure that calls an unchanged version damaged. Where an alert names
// no document, its documents are measured as the alarm measured them: together, over the questions that changed.
import type { OpenLoss } from '../../shared/alerts/open-losses.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { pairAnswers, type AnswerPair } from './compare.ts'
import { LOSS_MIN } from './judge-documents.ts'

/** Ids of the documents that recovered from every loss of theirs, in the order of `losses`; one not asked has not. */
export function findRecovered(losses: readonly OpenLoss[], evaluations: readonly EvaluationInput[]): string[] {
  const isMadeGood = (loss: OpenLoss): boolean => {
    if (!loss.together) return isAsBefore([loss.before], evaluations, (pairs) => pairs)
    const others = losses.filter(({ alertId }) => alertId === loss.alertId)
    return isAsBefore(
      others.map(({ before }) => before),
      evaluations,
      (pairs) => pairs.filter((pair) => lossOf(pair) !== 0),
    )
  }
  const open = losses.filter((loss) => !isMadeGood(loss)).map(({ documentId }) => documentId)
  return [...new Set(losses.map(({ documentId }) => documentId))].filter((id) => !open.includes(id))
}

/** By the mean loss of the questions that count. */
function isAsBefore(
  before: readonly EvaluationInput[],
  evaluations: readonly EvaluationInput[],
  counting: (pairs: readonly AnswerPair[]) => readonly AnswerPair[],
): boolean {
  const pairs = before.map((document) => pairAnswers([document], evaluations))
  if (pairs.some((own) => own.length === 0)) return false
  const counted = counting(pairs.flat())
  const lost = counted.reduce((sum, pair) => sum + lossOf(pair), 0)
  return lost / Math.max(1, counted.length) < LOSS_MIN
}

function lossOf({ before, after }: AnswerPair): number {
  return before.logprob - after.logprob
}
