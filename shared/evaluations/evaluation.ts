// An evaluation: one document's probes asked of one version or candidate.

export interface EvaluationInput {
  documentId: string
  /** Mean log p(gold answer | question) over the answers, nats; ignored (stored as 0) when there are none. */
  logprob: number
  answers: readonly EvaluationAnswer[]
}

export interface EvaluationAnswer {
  probeId: string
  /** What was answered. */
  answer: string
  correct: boolean
  /** log p(gold answer | question), nats. */
  logprob: number
  /** `judge:MODEL`, or one of the two below; by words when absent. */
  gradedBy?: string
}

/** The built-in grader. */
export const GRADED_BY_WORDS = 'words'
/** The built-in grader in place of a judge that failed. */
export const GRADED_WITHOUT_JUDGE = 'words_judge_failed'
