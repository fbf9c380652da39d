// What a study adapter is worth, on passages it has not seen: does the model answer with the text in view, and how many
// distinct faithful pairs does it write about a passage?
import { openBookMessages } from '../../../shared/prompts.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { ask } from '../../engine/ask.ts'
import type { Engine } from '../../engine/engine.ts'
import { grade } from '../../monitor/grade.ts'
import { STUDY_SETTINGS } from './settings.ts'
import type { Passage } from './study-examples.ts'
import { writeSelfEdits } from './write-self-edits.ts'

export interface StudyFigures {
  openBook: { correct: number; total: number }
  /** Per passage: pairs written, and those kept (distinct and faithful, budget aside). */
  pairs: { passages: number; written: number; kept: number }
  /** Why the others were dropped, by reason. */
  dropped: Record<string, number>
}

const ANSWER_TOKENS_MAX = 24

/** Greedy open-book answers to every question of `asked`, and a whole study of each of `studied`. */
export async function evaluateStudy(
  engine: Engine,
  adapter: Adapter | null,
  { asked, studied }: { asked: readonly Passage[]; studied: readonly Passage[] },
): Promise<StudyFigures> {
  const questions = asked.flatMap(({ text, questions }) => questions.map((pair) => ({ text, ...pair })))
  const answers = await ask(
    engine,
    questions.map(({ text, question }) => ({ messages: openBookMessages(text, question), adapter })),
    { tokensMax: ANSWER_TOKENS_MAX },
  )
  const correct = questions.filter(({ question, answer }, at) =>
    grade(question, answer, answers[at]?.text ?? ''),
  ).length

  const unlimited = { ...STUDY_SETTINGS.trainedTokens, max: Infinity, documentMax: Infinity }
  const settings = { ...STUDY_SETTINGS, fallbackFormats: [], trainedTokens: unlimited }
  const dropped: Record<string, number> = {}
  let written = 0
  let kept = 0
  for (const passage of studied)
    for (const edit of await writeSelfEdits(engine, adapter, passage, settings, { makeProbes: false, epochs: 1 })) {
      written++
      if (edit.kept) kept++
      const reason = edit.reason?.split(':')[0]
      if (reason !== undefined) dropped[reason] = (dropped[reason] ?? 0) + 1
    }
  const share = Math.max(1, studied.length)
  return {
    openBook: { correct, total: questions.length },
    pairs: { passages: studied.length, written: written / share, kept: kept / share },
    dropped,
  }
}
