// A version measured a second time. Nothing was trained in between, so there is no chance to be ruled out: within the noise
// floor nothing happened, and a document whose answers became less likely by a tenth of a nat a question has been
// damaged, by however few questions that shows. The tests of an update are computed and kept beside that.
import type { Forgetting, Verdict } from '../../shared/versions/verdict.ts'
import { LOSS_MIN } from './judge-documents.ts'
import { judgeRetention, type RetentionJudgement } from './judge-retention.ts'
import { noiseFloor as noiseBetween } from './noise-floor.ts'
import type { ProbeChange } from './question-losses.ts'
import { recordRetention } from './record-retention.ts'

export interface JudgeUnchangedInput {
  /** From the measurement that the version was made with to the one just taken. */
  changes: readonly ProbeChange[]
  /** Of earlier evaluations, nats. */
  noiseFloor: number
  alpha: number
}

const UNMEASURED: Forgetting = { accuracyDrop: null, bitsPerToken: null, klBits: null }

/** `reject` when something was lost. Without loss the differences are noise, and are kept as the next noise floor. */
export function judgeUnchanged({ changes, noiseFloor, alpha }: JudgeUnchangedInput): Verdict {
  const judgement = nameDamaged(judgeRetention({ changes, noiseFloor, alpha }), changes, noiseFloor)
  const { regressed, documents, pooled } = judgement
  const { losses, gains, total, mcnemar: pValue } = pooled
  const counts = `lost ${losses} and won ${gains} of ${total} questions`
  const damaged = documents.filter(({ outcome }) => outcome === 'regressed').length
  return {
    action: regressed ? 'reject' : 'promote',
    reason: regressed
      ? `without being trained it ${counts}: ${damaged} of ${documents.length} documents are damaged`
      : `is what it was: ${counts}`,
    ...{ losses, gains, pValue, regressed },
    ...{ forgetting: UNMEASURED, budget: UNMEASURED, scale: 1 },
    retention: { ...recordRetention(judgement), noiseMeasured: regressed ? null : noiseOf(changes) },
  }
}

/** Mean losses are not cut here: with nothing but noise beside it, damage would be cut to the size of the noise. */
function nameDamaged(
  judgement: RetentionJudgement,
  changes: readonly ProbeChange[],
  noiseFloor: number,
): RetentionJudgement {
  const documents = judgement.documents.map((document): RetentionJudgement['documents'][number] => {
    const own = changes.filter(({ documentId }) => documentId === document.documentId)
    const sum = own.map(lossOf).reduce((total, loss) => total + (Math.abs(loss) <= noiseFloor ? 0 : loss), 0)
    const meanLoss = sum / Math.max(1, own.length)
    return { ...document, meanLoss, outcome: meanLoss >= LOSS_MIN ? 'regressed' : 'retained', questionsMissing: null }
  })
  const named = documents.some(({ outcome }) => outcome === 'regressed')
  const others = judgement.alarms.filter((alarm) => alarm !== 'documents')
  const alarms: RetentionJudgement['alarms'] = named ? [...others, 'documents'] : others
  return { ...judgement, documents, alarms, regressed: alarms.length > 0 }
}

/** Null: something changed by more than noise does, if not for the worse. */
function noiseOf(changes: readonly ProbeChange[]): number | null {
  const side = (name: 'before' | 'after') => new Map(changes.map((change) => [change.probeId, change[name].logprob]))
  const most = noiseBetween(side('before'), side('after'))
  return most < LOSS_MIN ? most : null
}

function lossOf({ before, after }: ProbeChange): number {
  return before.logprob - after.logprob
}
