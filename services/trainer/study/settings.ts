// What the study writes and how much of it is trained. The defaults are measured ones: many varied question-answer pairs
// teach a small base most; sentences and blanks beside them dilute.
import type { SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'

export interface StudySettings {
  /** Formats written for every document. */
  formats: readonly SelfEditFormat[]
  /** Written in addition when `formats` kept fewer than `keptMin` edits a passage. */
  fallbackFormats: readonly SelfEditFormat[]
  keptMin: number
  /** Sampled readings of each window beside the greedy one. */
  samples: { passage: number; sentence: number; pair: number }
  /** Questions asked for with a given answer, at most this many a sentence. */
  answersPerSentence: number
  temperature: number
  topP: number
  /** Training tokens a passage (about 220 words) over one epoch; a longer document has as many shares as passages. */
  tokensPerPassageMax: number
  /** Of a whole document: a text of 1 MB must not hold the queue for a day. What is over is read and trained thinner. */
  readingsMax: number
  tokensPerDocumentMax: number
  /** Self-made questions held out as probes when the caller gave none. */
  probesMax: number
  seed: number
}

export const STUDY_SETTINGS: StudySettings = {
  formats: ['question_answer'],
  fallbackFormats: ['cloze', 'restatement'],
  keptMin: 8,
  samples: { passage: 4, sentence: 3, pair: 1 },
  answersPerSentence: 4,
  temperature: 0.9,
  topP: 0.95,
  tokensPerPassageMax: 1600,
  readingsMax: 1500,
  tokensPerDocumentMax: 60_000,
  probesMax: 5,
  seed: 1,
}
