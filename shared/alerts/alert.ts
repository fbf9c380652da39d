// A regression found by the monitor, with its evidence question by question.

export interface AlertEvidence {
  document_id: string
  probe_id: string
  question: string
  gold: string
  before: { answer: string; correct: boolean; logprob: number }
  after: { answer: string; correct: boolean; logprob: number }
}
