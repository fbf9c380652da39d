// All questions of a set together: the most that forty questions can show. Log-likelihoods rather than right and wrong,
// because a question that was wrong before can still lose, and one that stays right can too.
import { clusteredFlipTest } from './clustered-flip-test.ts'
import { mcnemar } from './mcnemar.ts'
import { questionLosses, type ProbeChange } from './question-losses.ts'
import { signFlipTest } from './sign-flip-test.ts'

export interface PooledChange {
  /** Right before and wrong after; wrong before and right after. */
  losses: number
  gains: number
  total: number
  /** Exact and one-sided, on right and wrong; null without questions. */
  mcnemar: number | null
  /** Mean nats lost, over the questions that changed. */
  meanLoss: number
  /** Of the sums of log-likelihoods; this one counts. */
  pValue: number
  /** The same sum under flips that take every question, or every document, for itself. */
  byQuestion: number
  byDocument: number
}

/** `related`: questions of a document move together (clustered-flip-test.ts); else each is a case of its own. */
export function judgePooled(
  changes: readonly ProbeChange[],
  { noiseFloor, related }: { noiseFloor: number; related: boolean },
): PooledChange {
  const documents = [...questionLosses(changes, noiseFloor).values()]
  const changed = documents.flat().filter((loss) => loss !== 0)
  const losses = changes.filter(({ before, after }) => before.correct && !after.correct).length
  const gains = changes.filter(({ before, after }) => !before.correct && after.correct).length
  const byQuestion = signFlipTest(changed)
  return {
    ...{ losses, gains, total: changes.length },
    mcnemar: changes.length === 0 ? null : mcnemar(losses, gains),
    meanLoss: changed.reduce((sum, loss) => sum + loss, 0) / Math.max(1, changed.length),
    pValue: related ? clusteredFlipTest(documents) : byQuestion,
    byQuestion,
    byDocument: signFlipTest(documents.map((own) => own.reduce((sum, loss) => sum + loss, 0))),
  }
}
