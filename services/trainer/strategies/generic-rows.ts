// Training rows that teach an adapter to answer general questions as the bare base does. Only as many are answered as the
// budget takes, because the base has to write each one.
import { baseMessages, closedBookMessages } from '../../../shared/prompts.ts'
import { ask, toTrainingExample } from '../../engine/ask.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { createRandom, shuffle } from '../../engine/random.ts'
import { GENERIC_QUESTIONS } from './generic-questions.ts'

const ANSWER_TOKENS_MAX = 48
const QUESTIONS_PER_CALL = 16

/** At most `tokensMax` tokens; fewer where the questions run out. Throws the signal's reason. */
export async function writeGenericRows(
  engine: Engine,
  { tokensMax, seed, signal }: { tokensMax: number; seed: number; signal: AbortSignal },
): Promise<TrainingExample[]> {
  const questions = shuffle(GENERIC_QUESTIONS, createRandom(seed))
  const rows: TrainingExample[] = []
  let left = tokensMax
  let shortest = 0
  for (let from = 0; from < questions.length && left > shortest; from += QUESTIONS_PER_CALL) {
    const asked = questions.slice(from, from + QUESTIONS_PER_CALL)
    for (const { row } of await answerGenericQuestions(engine, asked, { tokensMax: ANSWER_TOKENS_MAX, signal })) {
      shortest = Math.min(shortest || Infinity, row.tokens.length)
      if (row.tokens.length > left) continue
      rows.push(row)
      left -= row.tokens.length
    }
  }
  return rows
}

/**
 * General questions with the bare base's answers, as training rows; without those that it answers with nothing. A version
 * is asked in the words of its training, so the rows are in those. Throws the signal's reason.
 */
export async function answerGenericQuestions(
  engine: Engine,
  questions: readonly string[],
  { tokensMax, signal }: { tokensMax: number; signal?: AbortSignal },
): Promise<{ question: string; row: TrainingExample }[]> {
  const answers = await ask(
    engine,
    questions.map((question) => ({ messages: baseMessages(question), adapter: null })),
    { tokensMax, ...(signal ? { signal } : {}) },
  )
  signal?.throwIfAborted()
  return questions.flatMap((question, index) => {
    const text = answers[index]?.text ?? ''
    return text === '' ? [] : [{ question, row: toTrainingExample(engine, closedBookMessages(question), text) }]
  })
}
