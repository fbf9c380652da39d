// The judgement as others see it: cut to what is kept with a verdict, and as an alert when there is cause for one. A model
// of a thousand documents shall not write a thousand rows of numbers into every update.
import type { AlertEvidence } from '../../shared/alerts/alert.ts'
import type { AlertInput } from '../../shared/alerts/create-alert.ts'
import type { RetentionRecord } from '../../shared/versions/retention-record.ts'
import type { Verdict } from '../../shared/versions/verdict.ts'
import type { PooledChange } from './judge-pooled.ts'
import type { RetentionJudgement } from './judge-retention.ts'

const DOCUMENTS_MAX = 20
/** The tests by the names that verdicts and alerts give. */
const POOLED_STATISTIC = 'clustered_sign_flip_one_sided'
const CONTROL_STATISTIC = 'control_sign_flip_one_sided'

export function recordRetention(judgement: RetentionJudgement): RetentionRecord {
  const { alarms, pooled, control, noiseFloor, drift, documents } = judgement
  const count = (outcome: string) => documents.filter((document) => document.outcome === outcome).length
  const worstFirst = documents.toSorted(
    (a, b) => Number(b.outcome === 'regressed') - Number(a.outcome === 'regressed') || b.meanLoss - a.meanLoss,
  )
  return {
    alarms: [...alarms],
    pooled: { statistic: POOLED_STATISTIC, pValue: pooled.pValue, meanLoss: pooled.meanLoss },
    control: control === null ? null : recordControl(control),
    noiseFloor,
    noiseMeasured: null,
    eValue: drift.eValue,
    outcomes: {
      regressed: count('regressed'),
      retained: count('retained'),
      insufficient_data: count('insufficient_data'),
    },
    documents: worstFirst.slice(0, DOCUMENTS_MAX).map((document) => ({
      documentId: document.documentId,
      questions: document.questions,
      meanLoss: document.meanLoss,
      pValue: document.pValue,
      qValue: document.qValue,
      eValue: document.eValue,
      outcome: document.outcome,
      questionsMissing: document.questionsMissing,
    })),
  }
}

/** The p-value is that of all questions together; what decides is that the version never changed (judge-unchanged.ts). */
export function alertOfEvaluation({ retention }: Verdict, evidence: readonly AlertEvidence[]): AlertInput {
  return { statistic: 'repeated_measurement', pValue: retention?.pooled.pValue ?? 1, evidence, retention }
}

function recordControl({ pValue, meanLoss, losses, gains, total }: PooledChange): RetentionRecord['control'] {
  return { statistic: CONTROL_STATISTIC, ...{ pValue, meanLoss, losses, gains, total } }
}

/**
 * Null when nothing rang. The test named is the one that rang first: all questions, single documents, one that is all but
 * gone, untaught questions, or all updates.
 */
export function alertOf(judgement: RetentionJudgement, evidence: readonly AlertEvidence[]): AlertInput | null {
  const { alarms, pooled, documents, control, drift } = judgement
  const retention = recordRetention(judgement)
  const of = (statistic: string, pValue: number): AlertInput => ({ statistic, pValue, evidence, retention })
  if (alarms.includes('pooled')) return of(POOLED_STATISTIC, pooled.pValue)
  if (alarms.includes('documents'))
    return of('sign_flip_benjamini_hochberg', Math.min(...documents.map(({ qValue }) => qValue)))
  if (alarms.includes('collapse')) return of('document_collapse', Math.min(...documents.map(({ pValue }) => pValue)))
  if (control !== null && alarms.includes('control')) return of(CONTROL_STATISTIC, control.pValue)
  if (!drift.isNew) return null
  const eValue = Math.max(drift.eValue, ...documents.map((document) => document.eValue))
  return of('e_process_over_updates', Math.min(1, 1 / eValue))
}
