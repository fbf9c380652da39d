// Whether an update damaged what the model knew before, from numbers alone. Three alarms share an error budget of
// 2 alpha: all older questions together (alpha), single documents (alpha / 2) and the untaught control set (alpha / 2).
// Only when one of them rings are documents named, at the wider false discovery rate of .10. What this finds and how
// often it is wrong is simulated by tests/benchmarks/monitor.ts; docs/monitor.md holds the table.
import { followDrift, type Drift } from './follow-drift.ts'
import { judgeDocuments, LOSS_MIN, type DocumentRetention } from './judge-documents.ts'
import { judgePooled, type PooledChange } from './judge-pooled.ts'
import type { ProbeChange } from './question-losses.ts'

export interface JudgeRetentionInput {
  /** Every older probe, asked of the parent and of the candidate. */
  changes: readonly ProbeChange[]
  /** The same of each earlier update on the way to the parent, oldest first: what the e-processes have seen. */
  history?: readonly (readonly ProbeChange[])[]
  /** Questions that no document taught. */
  control?: readonly ProbeChange[]
  /** Nats by which an unchanged version's measurement differs from itself (noise-floor.ts). */
  noiseFloor?: number
  /** One-sided level of the pooled test. */
  alpha: number
}

export interface RetentionJudgement {
  pooled: PooledChange
  documents: (DocumentRetention & { eValue: number; drifted: boolean })[]
  /** Null without control questions. */
  control: PooledChange | null
  noiseFloor: number
  alarms: ('pooled' | 'documents' | 'collapse' | 'control')[]
  /** An alarm rang over what documents taught. */
  regressed: boolean
  drift: Pick<Drift, 'eValue' | 'passed' | 'isNew'>
}

/**
 * A slow loss over many updates (`drift`) does not make `regressed` true: this update is not to blame for it, and
 * rejecting it would bring nothing back. Nor does `control`: the first adapter that answers everything moves what the base
 * says about everything, and how far a model may move is for its gate's limit on the KL to say. Both are worth an alert.
 */
export function judgeRetention(input: JudgeRetentionInput): RetentionJudgement {
  const { changes, history = [], control: controlChanges = [], noiseFloor = 0, alpha } = input
  const pooled = judgePooled(changes, { noiseFloor, related: true })
  // Control questions have nothing in common but the model.
  const control = controlChanges.length === 0 ? null : judgePooled(controlChanges, { noiseFloor, related: false })
  const alarms: RetentionJudgement['alarms'] = []
  if (isDamage(pooled, alpha)) alarms.push('pooled')
  if (control !== null && isDamage(control, alpha / 2)) alarms.push('control')
  const { alarm, collapse, documents } = judgeDocuments({
    ...{ changes, noiseFloor },
    alarmed: alarms.includes('pooled'),
    alarmAt: alpha / 2,
  })
  if (alarm) alarms.push('documents')
  if (collapse) alarms.push('collapse')
  const { documents: drifts, ...drift } = followDrift([...history, changes], noiseFloor)
  return {
    pooled,
    documents: documents.map((document) => ({
      ...document,
      ...(drifts.get(document.documentId) ?? { eValue: 1, drifted: false }),
    })),
    ...{ control, noiseFloor, alarms, regressed: alarms.some((alarm) => alarm !== 'control'), drift },
  }
}

function isDamage({ pValue, meanLoss }: PooledChange, level: number): boolean {
  return pValue < level && meanLoss >= LOSS_MIN
}
