import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../services/engine/random.ts'
import { eProcess } from '../../services/monitor/e-process.ts'
import { followDrift } from '../../services/monitor/follow-drift.ts'
import type { ProbeChange } from '../../services/monitor/question-losses.ts'

/** An update in which document i loses `losses[i]` nats on each of three questions. */
function update(losses: readonly number[]): ProbeChange[] {
  return losses.flatMap((loss, document) =>
    [0, 1, 2].map((question) => ({
      documentId: `d${document}`,
      probeId: `d${document}q${question}`,
      before: { correct: true, logprob: -1 },
      after: { correct: true, logprob: -1 - loss },
    })),
  )
}

describe('an e-process', () => {
  test('stays at 1 on average when losses and gains are alike, whatever their sizes', () => {
    const sizes = fc.array(fc.double({ min: 0.01, max: 20, noNaN: true }), { maxLength: 8 })
    fc.assert(
      fc.property(sizes, (bets) => {
        let sum = 0
        for (let signs = 0; signs < 2 ** bets.length; signs++)
          sum += eProcess(bets.map((bet, index) => ((signs >> index) & 1 ? -bet : bet)))
        expect(sum / 2 ** bets.length).toBeCloseTo(1, 9)
      }),
    )
  })

  test('ever passes 20 in fewer than .05 of the models that lose nothing, looked at after each of 60 updates', () => {
    const random = createRandom(9)
    const models = 1_000
    let passed = 0
    for (let model = 0; model < models; model++) {
      const bets: number[] = []
      for (let at = 0; at < 60; at++) {
        bets.push((random() < 0.5 ? -1 : 1) * random() * 3)
        if (eProcess(bets) < 20) continue
        passed++
        break
      }
    }
    expect(passed / models).toBeLessThan(0.05)
    expect(passed).toBeGreaterThan(0)
  })

  test('never falls when a loss is larger', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (bets, more) => {
          const worse = bets.map((bet, index) => (index === 0 ? bet + more : bet))
          expect(eProcess(worse)).toBeGreaterThanOrEqual(eProcess(bets) * (1 - 1e-9))
        },
      ),
    )
  })

  test('is finite for the wildest changes', () => {
    expect(eProcess([1e6, -1e6])).toBeGreaterThanOrEqual(0)
    expect(Number.isFinite(eProcess([1e6, 1e6]))).toBe(true)
  })
})

describe('drift', () => {
  test('is found over updates none of which shows it, and is new only once', () => {
    const falling = Array.from({ length: 12 }, () => update([0.2, 0.3, 0.25, 0.2]))
    const news = falling.map((_, last) => followDrift(falling.slice(0, last + 1), 0))
    expect(news[0]).toMatchObject({ passed: false, isNew: false })
    expect(news.at(-1)).toMatchObject({ passed: true })
    expect(news.find(({ isNew }) => isNew)?.passed).toBe(true)
    expect(news.at(-1)?.isNew).toBe(false)
  })

  test('names the document that falls, not those that go up and down', () => {
    const updates = Array.from({ length: 14 }, (_, at) => update([0.4, at % 2 ? 0.4 : -0.4, at % 2 ? -0.4 : 0.4]))
    const { documents } = followDrift(updates, 0)
    expect([...documents].map(([, { drifted }]) => drifted)).toEqual([true, false, false])
  })

  test('counts what lies within the noise floor as nothing', () => {
    const { eValue, documents } = followDrift(
      Array.from({ length: 12 }, () => update([0.2, 0.3])),
      0.5,
    )
    expect(eValue).toBe(1)
    expect([...documents.values()].every(({ eValue: own }) => own === 1)).toBe(true)
  })

  test('follows the documents of the last update; what came later has less history', () => {
    const { documents } = followDrift([update([1]), update([1, -1])], 0)
    expect([...documents.keys()]).toEqual(['d0', 'd1'])
    expect(documents.get('d0')?.eValue).toBeGreaterThan(1)
    expect(documents.get('d1')?.eValue).toBeLessThan(1)
    expect(followDrift([], 0)).toMatchObject({ eValue: 1, passed: false, isNew: false })
  })
})
