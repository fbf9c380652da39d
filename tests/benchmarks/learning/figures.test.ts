import { expect, test } from 'vitest'
import type { Arm, Run } from './arm.ts'
import { bootstrap } from './bootstrap.ts'
import { exactMatch } from './exact-match.ts'
import { figuresOf, spreadOf, uptakeOf } from './figures.ts'
import type { ArmResult } from './run-arms.ts'

const arm = (name: string): Arm => ({ name, about: name, learning: null, asking: 'closed_book' })
const base = arm('frozen')
const ours = arm('ours')
const open = arm('open-book')
const yardsticks = { base: 'frozen', ceiling: 'open-book', against: 'ours' }

function runOf(right: number, total: number, seconds = 10): Run {
  const answers = Array.from({ length: total }, (_, index) => ({
    ...{ text: '', correct: index < right, exact: false, logprob: null },
  }))
  return {
    ...{ answers, rows: 1, trainedTokens: 100 * seconds, studySeconds: 1, trainSeconds: seconds, answerSeconds: 1 },
    ...{ failed: null, wallSeconds: seconds, load: 0, revision: 'abc' },
  }
}

function resultOf(ofArm: Arm, id: string, ...runs: Run[]): ArmResult {
  return { arm: ofArm, passage: { id, title: id, text: id, questions: [] }, runs }
}

test('accuracy counts every question once, seeds averaged', () => {
  const [figures] = figuresOf(
    [resultOf(ours, 'a', runOf(2, 4), runOf(4, 4)), resultOf(ours, 'b', runOf(0, 2), runOf(1, 2))],
    yardsticks,
  )
  expect(figures).toMatchObject({ documents: 2, questions: 6, runs: 4, accuracy: { value: (3 + 0.5) / 6 } })
})

test('uptake is the share of what the open book gives above the base', () => {
  const results = ['a', 'b', 'c'].flatMap((id) => [
    resultOf(base, id, runOf(1, 10)),
    resultOf(ours, id, runOf(4, 10)),
    resultOf(open, id, runOf(7, 10)),
  ])
  const figures = figuresOf(results, yardsticks)
  expect(figures.map(({ uptake }) => uptake.value)).toEqual([0, expect.closeTo(0.5, 10), 1])
  expect(figures[1]?.gain.value).toBeCloseTo(0.3, 10)
  expect(figures.map(({ difference }) => difference.value)).toEqual([
    expect.closeTo(-0.3, 10),
    null,
    expect.closeTo(0.3, 10),
  ])
  // All documents alike: every draw of them gives the same.
  expect(figures[1]?.uptake.interval?.low).toBeCloseTo(0.5, 10)
  expect(figures[1]?.uptake.interval?.high).toBeCloseTo(0.5, 10)
})

test('without a ceiling above the base there is no uptake', () => {
  expect(uptakeOf(0.5, 0.2, 0.2)).toBeNull()
  expect(uptakeOf(0.5, 0.2, null)).toBeNull()
  expect(uptakeOf(0.1, 0.2, 0.4)).toBeCloseTo(-0.5, 10)
})

test('arms are compared on the documents that all of them have answered', () => {
  const results = [resultOf(base, 'a', runOf(1, 2)), resultOf(ours, 'a', runOf(2, 2)), resultOf(ours, 'b', runOf(0, 2))]
  expect(figuresOf(results, yardsticks).map(({ documents, accuracy }) => [documents, accuracy.value])).toEqual([
    [1, 0.5],
    [1, 1],
  ])
})

test('an interval of drawn documents covers the true mean about as often as it says', () => {
  // 40 documents of which a third are answered: over many samples the interval should miss the third in 5 % of them.
  let missed = 0
  const rounds = 200
  for (let round = 0; round < rounds; round++) {
    const right = Array.from({ length: 40 }, (_, index) => pseudo(round * 40 + index) < 1 / 3)
    const share = (indexes: readonly number[]) => indexes.filter((index) => right[index]).length / indexes.length
    const interval = bootstrap(40, share, { draws: 400, seed: round })
    if (interval === null || interval.low > 1 / 3 || interval.high < 1 / 3) missed++
  }
  expect(missed / rounds).toBeLessThan(0.12)
  expect(missed / rounds).toBeGreaterThan(0.01)
})

test('one document has no interval, and a statistic that is mostly undefined has none', () => {
  expect(bootstrap(1, () => 1)).toBeNull()
  expect(bootstrap(5, (indexes) => (indexes[0] === 0 ? 1 : null))).toBeNull()
})

test('a spread names least, median and most', () => {
  expect(spreadOf([5, 1, 3, 9])).toEqual({ min: 1, median: 4, max: 9 })
  expect(spreadOf([])).toBeNull()
})

test("exact match follows SQuAD's normalisation", () => {
  expect(exactMatch('The Eiffel Tower', 'eiffel tower!')).toBe(true)
  expect(exactMatch('U.S.', 'us')).toBe(true)
  expect(exactMatch('10 years', 'about 10 years')).toBe(false)
  expect(exactMatch('theatre', 'atre')).toBe(false)
})

/** Well-spread numbers in [0, 1) without a generator's state. */
function pseudo(n: number): number {
  let x = Math.imul(n + 1, 0x9e3779b1) >>> 0
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b) >>> 0
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32
}
