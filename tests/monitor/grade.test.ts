import { describe, expect, test } from 'vitest'
import { grade } from '../../services/monitor/grade.ts'
import { measureAgreement } from '../benchmarks/grader/agreement.ts'
import { findData, missingData } from '../support/reference-data.ts'

interface Judged {
  question: string
  gold: string
  answer: string
  correct: boolean
}

describe('the grader', () => {
  test('agrees with a large model on at least .89 of 6,000 answers, kappa at least .76', ({ skip }) => {
    const file = findData('grading/verdicts.jsonl')
    if (file === undefined) return skip(missingData('grading/verdicts.jsonl'))
    const rows = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Judged)
    expect(rows.length).toBeGreaterThan(5_000)
    const verdicts = rows.map(({ question, gold, answer, correct }) => ({
      ...{ question, ours: grade(question, gold, answer), theirs: correct },
    }))
    const { agreement, kappa } = measureAgreement(verdicts, { draws: 10 })
    expect(agreement.value).toBeGreaterThanOrEqual(0.89)
    expect(kappa.value).toBeGreaterThanOrEqual(0.76)
  })

  test.each([
    ['When did the mill open?', '1874', 'It opened in 1874.', true],
    ['When did the mill open?', '1874', 'It opened in 1847.', false],
    ['When did the mill open?', '3 May 1874', 'In May 1874.', false],
    ['How many people live there?', '12,400', 'About 12400 people', true],
    ['Who built the mill?', 'Edda Brandvold', 'Edda Brandvold built it', true],
    ['Who built the mill?', 'Edda Brandvold', 'Edda Larsen', false],
    ['What does the mill make?', 'paper and cardboard boxes', 'cardboard box making, paper', true],
    ['What does the mill make?', 'paper', 'I do not know.', false],
    ['Which colour has the mill?', 'the colour red', 'colour', false],
    ['Is it open on Sundays?', 'no', 'No, it is closed.', true],
    ['Is it open on Sundays?', 'no', 'I know that it is.', false],
    ['What was it called?', 'Café Zürich', 'cafe zurich', true],
    ['Which sign is used?', '+', 'a plus: +', true],
    ['Where is it?', '東京', '東京です', true],
    ['Who came?', '', 'anybody', false],
  ])('%s gold "%s", answered "%s": %s', (question, gold, answer, expected) => {
    expect(grade(question, gold, answer)).toBe(expected)
  })

  test('is not talked round by an answer that lists everything', () => {
    const everything = Array.from({ length: 200 }, (_, index) => `town${index}ish`).join(' ')
    expect(grade('Where does she live?', 'Vardal', `${everything} Vardal`)).toBe(false)
  })

  test('lets an answer be as long as a long gold needs', () => {
    const gold = Array.from({ length: 70 }, (_, index) => `word${'x'.repeat(index + 1)}`).join(' ')
    expect(grade('What does the rule say?', gold, gold)).toBe(true)
  })
})
