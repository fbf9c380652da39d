// A probe: a question with its answer, asked of every version to see what is known; never trained on.
export type ProbeSource = 'caller' | 'self_made'

export interface Probe {
  id: string
  documentId: string
  question: string
  /** The gold answer that grading and scoring compare with. */
  answer: string
  source: ProbeSource
}
