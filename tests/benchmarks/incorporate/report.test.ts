import { expect, test } from 'vitest'
import type { RetentionCell } from '../../../shared/evaluations/retention-figures.ts'
import type { Retention } from '../../../shared/evaluations/retention.ts'
import { summarise, toLine, toMatrix, toSummary, type Outcome } from './report.ts'

const cell = (correct: number, total = 4): RetentionCell => ({ correct, total, logprob: -1 })

function retentionOf(matrix: (RetentionCell | null)[][]): Retention {
  return {
    object: 'retention',
    model: 'default',
    head: 2,
    versions: [0, 1, 2],
    documents: [
      { id: 'doc_1', title: 'One', version: 1 },
      { id: 'doc_2', title: 'Two', version: 2 },
    ],
    matrix,
    ...{ acc: 0.5, bwt: -0.25, forgetting: 0.25, learned: 0.75, base: 0, retained: 0.66 },
  }
}

function outcomeOf(id: string, after: number, seconds: number, more: Partial<Outcome> = {}): Outcome {
  const learned = { before: 0, after, total: 4 }
  const update = {
    ...{ id: `upd_${id}`, state: 'promoted' as const, version: 1, learned, retained: null, trained_tokens: 100 },
    ...{ timings_ms: { studying: 2000, training: 3000 }, attempts: 1, verdict: null, error: null },
  }
  return { id, title: `Title of ${id}`, known: false, seconds, questions: 4, openBook: 1, update, ...more }
}

const full = [
  [cell(0), cell(1)],
  [cell(3), null],
  [cell(2), cell(3)],
]

test('accuracies count each question of this run once, whatever else the service holds', () => {
  const summary = summarise([outcomeOf('doc_1', 3, 10), outcomeOf('doc_2', 3, 20)], retentionOf(full))
  expect(summary).toMatchObject({ base: 1 / 8, justLearned: 6 / 8, afterAll: 5 / 8, openBook: 2 / 8, secondsMax: 20 })
  expect(summarise([outcomeOf('doc_2', 3, 20)], retentionOf(full))).toMatchObject({ base: 1 / 4, afterAll: 3 / 4 })
  expect(toSummary(summary)).toContain('Closed-book after all documents .625, base .125: +.500')
})

test('a document that was known before has no time of its own', () => {
  const known = outcomeOf('doc_1', 3, 0.1, { known: true })
  expect(summarise([known, outcomeOf('doc_2', 3, 20)], retentionOf(full))).toMatchObject({ secondsMedian: 20 })
})

test('a cell that is missing after its document was learned, or of the base, makes the matrix incomplete', () => {
  const outcomes = [outcomeOf('doc_1', 3, 10)]
  expect(summarise(outcomes, retentionOf(full)).matrixComplete).toBe(true)
  const [base = [], first = []] = full
  expect(summarise(outcomes, retentionOf([base, first, [null, cell(3)]])).matrixComplete).toBe(false)
  expect(summarise(outcomes, retentionOf([[cell(0), null], first, full[2] ?? []])).matrixComplete).toBe(false)
})

test('the matrix stands as a table, what was not asked as a dot', () => {
  expect(
    toMatrix(retentionOf(full))
      .split('\n')
      .map((line) => line.trim().split(/ +/)),
  ).toEqual([
    ['d1', 'd2'],
    ['base', '0/4', '1/4'],
    ['v1', '3/4', '.'],
    ['v2', '2/4', '3/4'],
  ])
})

test('a rejected update says why on its line', () => {
  const { update, ...rest } = outcomeOf('doc_1', 0, 5)
  const error = { code: 'unprocessable_document', message: 'nothing could be learned' }
  const line = toLine(0, { ...rest, openBook: null, update: { ...update, state: 'failed', version: null, error } })
  expect(line).toContain('failed: nothing could be learned')
})
