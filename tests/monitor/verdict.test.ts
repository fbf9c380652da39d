import { describe, expect, test } from 'vitest'
import { judgeRetention } from '../../services/monitor/judge-retention.ts'
import { decideVerdict as decide, isWithinBudget } from '../../services/monitor/verdict.ts'
import type { Evidence } from '../../services/monitor/verdict.ts'
import { modelSettingsSchema } from '../../shared/models/settings.ts'
import { verdictSchema } from '../../shared/versions/verdict.ts'

const { gate } = modelSettingsSchema.parse({})
const learned = {
  before: { correct: 0, total: 5, logprob: -9 },
  after: { correct: 3, total: 5, logprob: -4 },
}

const unmeasured = { accuracyDrop: null, bitsPerToken: null, klBits: null }
const decideVerdict = (evidence: Omit<Evidence, 'forgetting'> & Partial<Evidence>) =>
  decide({ forgetting: unmeasured, ...evidence })

/** Questions of documents of their own; right answers have a log-probability of -1, wrong ones of -4. */
function outcomes({ kept = 0, lost = 0, won = 0, never = 0 }): Evidence['retention'] {
  const of = (count: number, before: boolean, after: boolean) => Array.from({ length: count }, () => [before, after])
  const pairs = [...of(kept, true, true), ...of(lost, true, false), ...of(won, false, true), ...of(never, false, false)]
  const measured = (correct = false) => ({ correct, logprob: correct ? -1 : -4 })
  const changes = pairs.map(([before, after], index) => ({
    ...{ documentId: `d${index}`, probeId: `p${index}` },
    ...{ before: measured(before), after: measured(after) },
  }))
  return judgeRetention({ changes, alpha: gate.regressionAlpha })
}

describe('the verdict', () => {
  test('promotes what learned and lost nothing, with its numbers', () => {
    const verdict = decideVerdict({ learned, retention: outcomes({ kept: 6, never: 4 }), gate })
    expect(verdict).toMatchObject({ action: 'promote', losses: 0, gains: 0, pValue: 1, regressed: false, scale: 1 })
    expect(verdict.reason).toBe('answers 3 of 5 of its questions, 0 before')
    expect(verdictSchema.parse(verdict)).toEqual(verdict)
  })

  test('has no p-value while there are no older questions', () => {
    expect(decideVerdict({ learned, retention: outcomes({}), gate })).toMatchObject({ action: 'promote', pValue: null })
  })

  test('does not call four losses a regression, but five', () => {
    expect(decideVerdict({ learned, retention: outcomes({ lost: 4, kept: 20 }), gate }).action).toBe('promote')
    const verdict = decideVerdict({ learned, retention: outcomes({ lost: 5, kept: 20 }), gate })
    expect(verdict).toMatchObject({ action: 'reject', losses: 5, gains: 0, regressed: true })
    expect(verdict.pValue).toBeCloseTo(1 / 32, 12)
    expect(verdict.reason).toContain('lost 5 and won 0 of 25 older questions')
  })

  test('sets gains against losses', () => {
    expect(decideVerdict({ learned, retention: outcomes({ lost: 5, won: 3 }), gate }).regressed).toBe(false)
  })

  test('promotes a regression where the model asks for alerts only, and still says that it regressed', () => {
    const lenient = { ...gate, rejectOnRegression: false }
    const verdict = decideVerdict({ learned, retention: outcomes({ lost: 6 }), gate: lenient })
    expect(verdict).toMatchObject({ action: 'promote', regressed: true })
  })

  test('tells that general answers moved, and promotes all the same', () => {
    const control = Array.from({ length: 20 }, (_, index) => ({
      ...{ documentId: `c${index}`, probeId: `c${index}` },
      before: { correct: true, logprob: -1 },
      after: { correct: index >= 8, logprob: -3 },
    }))
    const retention = judgeRetention({ changes: [], control, alpha: gate.regressionAlpha })
    const verdict = decideVerdict({ learned, retention, gate })
    expect(verdict).toMatchObject({ action: 'promote', regressed: false, retention: { alarms: ['control'] } })
    expect(verdict.retention?.control).toMatchObject({ losses: 8, gains: 0, total: 20, meanLoss: 2 })
    expect(verdict.reason).toContain('answers 8 of 20 general questions otherwise, 2.00 nats each')
  })

  test('rejects what learned nothing, by answers and by likelihood', () => {
    const none = { before: learned.before, after: { correct: 0, total: 5, logprob: -9.5 } }
    const verdict = decideVerdict({ learned: none, retention: outcomes({}), gate })
    expect(verdict).toMatchObject({ action: 'reject', regressed: false })
    expect(verdict.reason).toContain('-9.50, -9.00 before')
  })

  test('promotes on likelihood alone: few questions can stand still while knowledge grows', () => {
    const likelier = { before: learned.before, after: { correct: 0, total: 5, logprob: -5 } }
    expect(decideVerdict({ learned: likelier, retention: outcomes({}), gate }).action).toBe('promote')
  })

  test('promotes a document whose every question was known before', () => {
    const known = { before: { correct: 5, total: 5, logprob: -1 }, after: { correct: 5, total: 5, logprob: -1.2 } }
    expect(decideVerdict({ learned: known, retention: outcomes({}), gate }).action).toBe('promote')
  })

  test('rejects what forgot more than a limit allows, and says by how much', () => {
    const forgetting = { accuracyDrop: 0.125, bitsPerToken: 0.01, klBits: 0.9 }
    const limited = { ...gate, accuracyDropMax: 0.07, bitsPerTokenMax: 0.08 }
    const verdict = decideVerdict({ learned, retention: outcomes({}), forgetting, gate: limited })
    expect(verdict).toMatchObject({ action: 'reject', forgetting, budget: { accuracyDrop: 0.07, klBits: null } })
    expect(verdict.reason).toBe('0.13 share of older questions lost, 0.07 allowed')
    expect(isWithinBudget(verdict, limited)).toBe(false)
    expect(decideVerdict({ learned, retention: outcomes({}), forgetting, gate })).toMatchObject({ action: 'promote' })
    expect(decideVerdict({ learned, retention: outcomes({}), forgetting: unmeasured, gate: limited }).action).toBe(
      'promote',
    )
  })

  test('calls a promotion at less than full strength clipped', () => {
    expect(decideVerdict({ learned, retention: outcomes({}), gate, scale: 0.5 })).toMatchObject({
      action: 'clip',
      scale: 0.5,
    })
  })
})
