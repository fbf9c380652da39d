import { expect, test } from 'vitest'
import { findRecovered } from '../../services/monitor/find-recovered.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'

/** A document of two questions, asked: the log-probabilities of their right answers. */
const asked = (documentId: string, ...logprobs: number[]): EvaluationInput => ({
  documentId,
  logprob: 0,
  answers: logprobs.map((logprob, index) => ({
    probeId: `${documentId} ${index}`,
    answer: '',
    correct: logprob > -1,
    logprob,
  })),
})
const lossOf = (alertId: string, before: EvaluationInput, together = false) => ({
  ...{ alertId, documentId: before.documentId, together, before },
})

test('a document is itself again when its answers are as likely as before the loss, within a tenth of a nat a question', () => {
  const losses = [lossOf('alr_1', asked('doc_1', -0.5, -0.5)), lossOf('alr_1', asked('doc_2', -0.5, -0.5))]
  const now = [asked('doc_1', -0.7, -0.4), asked('doc_2', -0.5, -0.9)]
  expect(findRecovered(losses, now)).toEqual(['doc_1'])
})

test('a document that lost twice has recovered when both losses are made good', () => {
  const losses = [lossOf('alr_1', asked('doc_1', -0.5)), lossOf('alr_2', asked('doc_1', -2))]
  expect(findRecovered(losses, [asked('doc_1', -2)])).toEqual([])
  expect(findRecovered(losses, [asked('doc_1', -0.5)])).toEqual(['doc_1'])
})

test('a document that was not asked has not recovered', () => {
  expect(findRecovered([lossOf('alr_1', asked('doc_1', -0.5))], [asked('doc_2', -0.5)])).toEqual([])
})

test('documents of an alert that names none are themselves again together, by the questions that changed', () => {
  const losses = [
    lossOf('alr_1', asked('doc_1', -0.5, -0.5, -0.5), true),
    lossOf('alr_1', asked('doc_2', -0.5, -0.5, -0.5), true),
  ]
  // A tenth of a nat over all six questions would pass; the two that changed lost more.
  const stillLost = [asked('doc_1', -0.75, -0.5, -0.5), asked('doc_2', -0.75, -0.5, -0.5)]
  expect(findRecovered(losses, stillLost)).toEqual([])
  const back = [asked('doc_1', -0.75, -0.5, -0.5), asked('doc_2', -0.3, -0.5, -0.5)]
  expect(findRecovered(losses, back)).toEqual(['doc_1', 'doc_2'])
  expect(findRecovered(losses, [asked('doc_1', -0.5, -0.5, -0.5)])).toEqual([])
})
