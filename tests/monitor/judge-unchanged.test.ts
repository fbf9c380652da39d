import { describe, expect, test } from 'vitest'
import { judgeUnchanged } from '../../services/monitor/judge-unchanged.ts'
import type { ProbeChange } from '../../services/monitor/question-losses.ts'

const alpha = 0.05
const noiseFloor = 1e-3

/** Questions of one document with these losses, nats; wrong after a loss of 1 and more. */
function document(documentId: string, losses: readonly number[]): ProbeChange[] {
  return losses.map((loss, question) => ({
    documentId,
    probeId: `${documentId}q${question}`,
    before: { correct: true, logprob: -2 },
    after: { correct: loss < 1, logprob: -2 - loss },
  }))
}

const regressed = (changes: readonly ProbeChange[]) =>
  judgeUnchanged({ changes, noiseFloor, alpha }).retention?.documents.flatMap(({ documentId, outcome }) =>
    outcome === 'regressed' ? documentId : [],
  )

describe('a version measured a second time', () => {
  test('that says the same is promoted, and its differences are the next noise floor', () => {
    const verdict = judgeUnchanged({ changes: document('a', [0.004, -0.02, 0]), noiseFloor, alpha })
    expect(verdict).toMatchObject({ action: 'promote', regressed: false, losses: 0, gains: 0 })
    expect(verdict.retention?.noiseMeasured).toBeCloseTo(0.02, 12)
    expect(verdict.retention?.outcomes).toEqual({ regressed: 0, retained: 1, insufficient_data: 0 })
  })

  test('has lost a document of three questions, too few for any test', () => {
    const verdict = judgeUnchanged({
      changes: [...document('a', [2, 3, 0]), ...document('b', [0, 0])],
      noiseFloor,
      alpha,
    })
    expect(verdict).toMatchObject({ action: 'reject', regressed: true, losses: 2, gains: 0 })
    expect(verdict.retention).toMatchObject({ alarms: ['documents'], noiseMeasured: null })
    expect(verdict.retention?.documents[0]).toMatchObject({ documentId: 'a', outcome: 'regressed' })
    expect(verdict.reason).toContain('1 of 2 documents')
  })

  test('has lost it also where every other question trembles a little', () => {
    const trembling = Array.from({ length: 20 }, (_, index) => document(`t${index}`, [0.01, -0.01, 0.02, -0.02])).flat()
    expect(regressed([...trembling, ...document('lost', [0, 0, 4, 0])])).toEqual(['lost'])
  })

  test('has not lost what was within the noise before, and takes a gain for no noise', () => {
    expect(judgeUnchanged({ changes: document('a', [0.3, 0.3]), noiseFloor: 0.4, alpha }).regressed).toBe(false)
    const gained = judgeUnchanged({ changes: document('a', [-3, 0]), noiseFloor, alpha })
    expect(gained).toMatchObject({ action: 'promote', retention: { noiseMeasured: null } })
  })
})
