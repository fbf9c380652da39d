import { expect, test } from 'vitest'
import { measureAgreement, type Verdicts } from './agreement.ts'

const row = (question: string, ours: boolean, theirs: boolean): Verdicts => ({ question, ours, theirs })

test('counts agreement, kappa and bias as they are defined', () => {
  // 20 right for both, 5 right for ours alone, 10 for theirs alone, 15 for neither: kappa .4 (the textbook example).
  const rows = [
    ...Array.from({ length: 20 }, (_, index) => row(`a${index}`, true, true)),
    ...Array.from({ length: 5 }, (_, index) => row(`b${index}`, true, false)),
    ...Array.from({ length: 10 }, (_, index) => row(`c${index}`, false, true)),
    ...Array.from({ length: 15 }, (_, index) => row(`d${index}`, false, false)),
  ]
  const { agreement, kappa, bias } = measureAgreement(rows, { draws: 200 })
  expect(agreement.value).toBeCloseTo(0.7, 10)
  expect(kappa.value).toBeCloseTo(0.4, 10)
  expect(bias.value).toBeCloseTo(-0.1, 10)
  for (const { value, interval } of [agreement, kappa, bias]) {
    expect(interval?.low).toBeLessThan(value ?? NaN)
    expect(interval?.high).toBeGreaterThan(value ?? NaN)
  }
})

test('draws whole questions: many answers to one question promise no narrow interval', () => {
  const once = Array.from({ length: 20 }, (_, index) => row(`q${index}`, true, index % 4 > 0))
  const repeated = once.flatMap((each) => Array.from({ length: 50 }, () => each))
  const width = (rows: Verdicts[]) => {
    const { interval } = measureAgreement(rows, { draws: 500 }).agreement
    return (interval?.high ?? NaN) - (interval?.low ?? NaN)
  }
  expect(width(repeated)).toBeCloseTo(width(once), 10)
})

test('has no kappa where both graders always say the same, and no figure of nothing', () => {
  expect(measureAgreement([row('a', true, true), row('b', true, true)]).kappa.value).toBeNull()
  expect(measureAgreement([])).toMatchObject({ rows: 0, agreement: { value: null }, bias: { value: null } })
})
