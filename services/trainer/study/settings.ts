// What the study writes and how much of it is trained. Many varied question-answer pairs teach a small base most; the
// document's own words beside them cover what no question asked for.
import type { ModelSettings } from '../../../shared/models/settings.ts'
import { SELF_EDIT_FORMATS } from '../../../shared/self-edits/self-edit.ts'
import type { SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'
import type { WindowKind } from './windows.ts'

/** Relative weights; a format that is left out is not written. `given` is what the caller gave, of any format. */
export type BudgetShares = Partial<Record<SelfEditFormat | 'given', number>>

/** One way through the document; several differ by their windows, their temperature or their seed. */
export interface StudyPass {
  /**
   * How often each window of a kind is read for every format; kinds left out are not read. Free text (rewrites,
   * implications) is written about passages and parts only.
   */
  readings: Partial<Record<WindowKind, number>>
  /** Questions asked for with a given answer, at most this many a sentence. */
  answersPerSentence: number
  /** 0 is greedy: a second reading of a window would say the same. */
  temperature: number
  topP: number
  seed: number
}

export interface StudySettings {
  /** Formats that are written, and the share of the token budget that each may claim. */
  shares: BudgetShares
  /** Made of the document's own words in addition (those not in `shares`), when fewer than `keptMin` edits a passage were kept. */
  fallbackFormats: readonly SelfEditFormat[]
  keptMin: number
  /** In order: of two answers to one question the earlier pass's stands. */
  passes: readonly StudyPass[]
  /** Readings of a whole document: a text of 1 MB must not hold the queue for a day. It is read thinner. */
  readingsMax: number
  /** Tokens that training runs for a document, over all epochs; a longer one has further shares. */
  trainedTokens: {
    /** Of a document of up to `passages` passages (about 220 words each). */
    max: number
    passages: number
    /** For each further passage. */
    perPassage: number
    /** However long it is. */
    documentMax: number
  }
  /** Self-made questions held out as probes when the caller gave none. */
  probesMax: number
}

export const STUDY_SETTINGS: StudySettings = {
  shares: { question_answer: 0.5, cloze: 0.3, restatement: 0.2, given: 1 },
  fallbackFormats: ['cloze', 'restatement'],
  keptMin: 8,
  passes: [
    {
      readings: { passage: 1, part: 1, pair: 1, sentence: 1 },
      answersPerSentence: 5,
      temperature: 0,
      topP: 1,
      seed: 1,
    },
    {
      readings: { passage: 4, part: 2, pair: 2, sentence: 4 },
      answersPerSentence: 0,
      temperature: 0.9,
      topP: 0.95,
      seed: 1,
    },
  ],
  readingsMax: 1500,
  // Three passages: the longest of SQuAD, the measure of "one document" in the benchmarks.
  trainedTokens: { max: 12_000, passages: 3, perPassage: 12_000, documentMax: 480_000 },
  probesMax: 5,
}

/** The formats that the settings ask for. */
export function formatsOf({ shares }: Pick<StudySettings, 'shares'>): SelfEditFormat[] {
  return SELF_EDIT_FORMATS.filter((format) => (shares[format] ?? 0) > 0)
}

/** The tokens that training may run for a document of so many passages, over all epochs. */
export function trainedTokensMax({ trainedTokens }: Pick<StudySettings, 'trainedTokens'>, passages: number): number {
  const further = Math.max(0, passages - trainedTokens.passages)
  return Math.min(trainedTokens.max + further * trainedTokens.perPassage, trainedTokens.documentMax)
}

/** The settings of one model's documents: what the model says, else the trainer's own. */
export function studySettingsOf(
  settings: StudySettings,
  { shares, trainedTokensMax }: ModelSettings['study'],
): StudySettings {
  const { trainedTokens } = settings
  return {
    ...settings,
    shares: shares ?? settings.shares,
    trainedTokens:
      trainedTokensMax === null
        ? trainedTokens
        : {
            ...trainedTokens,
            max: trainedTokensMax,
            perPassage: trainedTokensMax,
            documentMax: Math.max(trainedTokens.documentMax, trainedTokensMax),
          },
  }
}
