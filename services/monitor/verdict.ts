// The gate: numbers in, decision out, nothing else read. It rejects what damaged old knowledge and what learned
// nothing; "nothing" takes both a count that did not rise and gold answers that became no likelier, since a handful of
// questions can stand still while the knowledge grows.
import type { Gate } from '../../shared/models/settings.ts'
import type { Forgetting, Verdict } from '../../shared/versions/verdict.ts'
import { budgetOf, describeExcess } from './forgetting.ts'
import type { RetentionJudgement } from './judge-retention.ts'
import { recordRetention } from './record-retention.ts'

/** Probes answered right of those asked, and the mean log-probability of their gold answers, nats. */
export interface Measure {
  correct: number
  total: number
  logprob: number
}

export interface Evidence {
  /** The new document's probes, asked of the bare base and of the candidate; in practice, of what either policy taught. */
  learned: { before: Measure; after: Measure }
  /** Of every older probe, asked of the parent and of the candidate. */
  retention: RetentionJudgement
  /** What was forgotten, by the measures that the gate may limit. */
  forgetting: Forgetting
  gate: Gate
  /** The candidate's new adapters act this strongly; below 1 its promotion is a clipped one. */
  scale?: number
}

export function decideVerdict({ learned, retention, forgetting, gate, scale = 1 }: Evidence): Verdict {
  const { losses, gains, total, mcnemar: pValue, meanLoss } = retention.pooled
  const { regressed } = retention
  const budget = budgetOf(gate)
  const numbers = { losses, gains, pValue, regressed, forgetting, budget, scale, retention: recordRetention(retention) }

  if (!isWithinBudget(numbers, gate)) {
    const reason = [regressed ? describeLoss() : '', describeExcess(forgetting, budget)].filter(Boolean).join('; ')
    return { action: 'reject', reason, ...numbers }
  }
  const strength = scale === 1 ? '' : `, at ${scale.toPrecision(2)} of its strength`
  if (!hasLearned(learned)) return { action: 'reject', reason: describeNothingLearned(learned) + strength, ...numbers }
  const reason = regressed ? `${describeLoss()}, promoted as the model's settings say` : describeGain(learned)
  const aside = describeControl(retention)
  return { action: scale === 1 ? 'promote' : 'clip', reason: reason + strength + aside, ...numbers }

  function describeLoss(): string {
    const answers = `lost ${losses} and won ${gains} of ${total} older questions`
    return `${answers}, ${meanLoss.toFixed(2)} nats each (p = ${retention.pooled.pValue.toPrecision(2)})`
  }
}

/** What is told with a promotion and hinders none. */
function describeControl({ alarms, control }: RetentionJudgement): string {
  if (control === null || !alarms.includes('control')) return ''
  const answers = `answers ${control.losses} of ${control.total} general questions otherwise`
  return `; ${answers}, ${control.meanLoss.toFixed(2)} nats each (p = ${control.pValue.toPrecision(2)})`
}

/** False: it forgets more than the gate allows, which acting less strongly may mend. */
export function isWithinBudget(
  { regressed, forgetting, budget }: Pick<Verdict, 'regressed' | 'forgetting' | 'budget'>,
  gate: Gate,
): boolean {
  return describeExcess(forgetting, budget) === '' && !(regressed && gate.rejectOnRegression)
}

/** A document without probes cannot show that it was learned; it is given the benefit. */
function hasLearned({ before, after }: Evidence['learned']): boolean {
  if (after.total === 0 || after.correct === after.total) return true
  return after.correct > before.correct || after.logprob > before.logprob
}

function describeGain({ before, after }: Evidence['learned']): string {
  if (after.total === 0) return 'no new question to measure it by'
  return `answers ${after.correct} of ${after.total} of its questions, ${before.correct} before`
}

function describeNothingLearned({ before, after }: Evidence['learned']): string {
  const counts = `${after.correct} of ${after.total} of its questions right, ${before.correct} before`
  const logprobs = `mean log-probability of the right answers ${after.logprob.toFixed(2)}, ${before.logprob.toFixed(2)} before`
  return `learned nothing: ${counts}; ${logprobs}`
}
