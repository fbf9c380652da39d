import { describe, expect, test } from 'vitest'
import { chooseBest, intraclassCorrelation, rewardOf } from '../../../services/trainer/practice/reward.ts'

describe('the reliability', () => {
  // Shrout and Fleiss, Psychological Bulletin 86 (1979), table 2: six targets, four judges; ICC(1,1) = .17 in table 4.
  const table = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ]

  test('of the published example is the published one', () => {
    expect(intraclassCorrelation([table])).toBeCloseTo(0.1657, 4)
  })

  test('is 1 when every training repeats the rewards, whatever sets documents apart', () => {
    const repeated = [0.1, 0.4, 0.2].map((reward) => [reward, reward])
    expect(intraclassCorrelation([repeated, repeated.map((pair) => pair.map((reward) => reward + 9))])).toBeCloseTo(1)
  })

  test('does not take the difference of documents for one of candidates', () => {
    // Within each document the two trainings contradict each other.
    const easy = [
      [5, 5.2],
      [5.2, 5],
    ]
    const hard = easy.map((pair) => pair.map((reward) => reward - 5))
    expect(intraclassCorrelation([easy, hard])).toBeLessThan(0)
  })

  test('is unknown without a second training, a second candidate or any difference', () => {
    expect(intraclassCorrelation([[[1], [2]]])).toBeNull()
    expect(intraclassCorrelation([[[1, 2]]])).toBeNull()
    expect(
      intraclassCorrelation([
        [
          [1, 1],
          [1, 1],
        ],
      ]),
    ).toBeNull()
  })
})

describe('the reward', () => {
  const base = { correct: 1, total: 5, logprob: -4 }

  test('by likelihood tells candidates apart that answer the same questions', () => {
    const [one, other] = [-3, -2].map((logprob) => ({ correct: 1, total: 5, logprob }))
    if (!one || !other) throw new Error('two candidates')
    expect(rewardOf('accuracy', base, one)).toBe(0)
    expect(rewardOf('likelihood', base, other)).toBeGreaterThan(rewardOf('likelihood', base, one))
  })

  test('by accuracy is the share of questions gained', () => {
    expect(rewardOf('accuracy', base, { correct: 3, total: 5, logprob: -9 })).toBeCloseTo(0.4)
  })
})

describe('the best candidate', () => {
  test.each([
    ['the highest reward', [0.1, 0.5, 0.3], 1],
    ['the first of equals', [0.2, 0.2], 0],
    ['none when the base is not beaten', [0, -1, null], null],
    ['one that could be trained', [null, 0.1], 1],
  ])('is %s', (_, rewards, best) => {
    expect(chooseBest(rewards)).toBe(best)
  })
})
