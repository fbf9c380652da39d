// Grades the answers of an evaluation: by words (grade.ts), and where there is a judge, the long golds by the judge,
// which reads paraphrases that the words miss. On the 6,000 judged answers the words agree with a large model in .91 of
// the cases for golds up to three words, in .84 from four to seven, mostly by calling a right paraphrase wrong.
// A judge that fails stops nothing: the words decide, and the answer says that they did.
import { AppError } from '../../shared/errors.ts'
import { GRADED_BY_WORDS, GRADED_WITHOUT_JUDGE } from '../../shared/evaluations/evaluation.ts'
import type { AnswerJudge } from './answer-judge.ts'
import { grade } from './grade.ts'

/** Golds of this many words and more are the judge's. */
const JUDGED_WORDS_MIN = 4
/** Questions to the judge at a time: an update's probes take seconds, and no small server is overrun. */
const JUDGED_AT_A_TIME = 4

export interface GivenAnswer {
  question: string
  gold: string
  answer: string
}

export interface Grade {
  correct: boolean
  gradedBy: string
}

/** In the order of `answers`. Throws the signal's reason; what the judge cannot do is no error. */
export async function gradeAnswers(
  answers: readonly GivenAnswer[],
  { judge = null, signal }: { judge?: AnswerJudge | null; signal?: AbortSignal } = {},
): Promise<Grade[]> {
  const grades = answers.map(({ question, gold, answer }): Grade => ({
    correct: grade(question, gold, answer),
    gradedBy: GRADED_BY_WORDS,
  }))
  if (!judge) return grades
  const judged = answers.flatMap(({ gold }, index) => (isLong(gold) ? [index] : []))
  const workers = Array.from({ length: JUDGED_AT_A_TIME }, async () => {
    for (let index = judged.shift(); index !== undefined; index = judged.shift()) {
      const [given, byWords] = [answers[index], grades[index]]
      if (given && byWords) grades[index] = await askJudge(judge, given, byWords.correct, signal)
    }
  })
  await Promise.all(workers)
  return grades
}

async function askJudge(
  judge: AnswerJudge,
  given: GivenAnswer,
  correctByWords: boolean,
  signal: AbortSignal | undefined,
): Promise<Grade> {
  // Nothing was said: no judge is needed, and none should be tempted.
  if (given.answer.trim() === '') return { correct: false, gradedBy: GRADED_BY_WORDS }
  try {
    return { correct: await judge.isRight(given, signal), gradedBy: judge.name }
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof AppError)) throw error
    return { correct: correctByWords, gradedBy: GRADED_WITHOUT_JUDGE }
  }
}

function isLong(gold: string): boolean {
  return (gold.match(/[\p{L}\p{N}]+/gu) ?? []).length >= JUDGED_WORDS_MIN
}
