// Training rows that hold an adapter to the bare base on general questions: by the base's own answers or, where the
// objective asks for an anchor, by its distributions at each of their tokens. Only as many are answered as the budget
// takes, because the base has to write each one.
import { baseMessages, closedBookMessages } from '../../../shared/prompts.ts'
import { ask, promptTokens, toTrainingExample } from '../../engine/ask.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { createRandom, shuffle } from '../../engine/random.ts'
import type { Objective } from '../objective.ts'
import { GENERIC_QUESTIONS } from './generic-questions.ts'

const ANSWER_TOKENS_MAX = 48
const QUESTIONS_PER_CALL = 16

export interface GenericRowsOptions {
  tokensMax: number
  objective: Pick<Objective, 'anchor' | 'k'>
  seed: number
  signal: AbortSignal
}

/** At most `tokensMax` tokens; fewer where the questions run out. Throws the signal's reason. */
export async function writeGenericRows(
  engine: Engine,
  { tokensMax, objective, seed, signal }: GenericRowsOptions,
): Promise<TrainingExample[]> {
  const questions = shuffle(GENERIC_QUESTIONS, createRandom(seed))
  const written: { question: string; row: TrainingExample }[] = []
  let left = tokensMax
  let shortest = 0
  for (let from = 0; from < questions.length && left > shortest; from += QUESTIONS_PER_CALL) {
    const asked = questions.slice(from, from + QUESTIONS_PER_CALL)
    for (const { question, row } of await answerGenericQuestions(engine, asked, {
      tokensMax: ANSWER_TOKENS_MAX,
      signal,
    })) {
      shortest = Math.min(shortest || Infinity, row.tokens.length)
      if (row.tokens.length > left) continue
      written.push({ question, row })
      left -= row.tokens.length
    }
  }
  return objective.anchor === 0 ? written.map(({ row }) => row) : await anchorRows(engine, written, objective, signal)
}

/** The base is asked in its own words, the student in those of its training. */
async function anchorRows(
  engine: Engine,
  written: readonly { question: string; row: TrainingExample }[],
  { anchor, k }: Pick<Objective, 'anchor' | 'k'>,
  signal: AbortSignal,
): Promise<TrainingExample[]> {
  const asked = written.map(({ question, row: { tokens, lossFrom } }) => ({
    prompt: promptTokens(engine, baseMessages(question)),
    answer: tokens.slice(lossFrom),
  }))
  const teachings = await engine.teach(asked, { k, signal })
  return written.flatMap(({ row }, index) => {
    const teacher = teachings[index]
    return teacher ? [{ ...row, teacher, objective: { crossEntropy: 0, distillation: anchor } }] : []
  })
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
