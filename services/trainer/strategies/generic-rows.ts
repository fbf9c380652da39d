// Training rows that hold an adapter on general questions to what it is trained upon, the bare base or the base with the
// adapters before: by that one's own answers or, where the objective asks for an anchor, by its distributions at each of
// their tokens. Only as many are answered as the budget takes, because each one has to be written.
import { baseMessages, closedBookMessages, type PromptMessage } from '../../../shared/prompts.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { ask, promptTokens, toTrainingExample } from '../../engine/ask.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { createRandom, shuffle } from '../../engine/random.ts'
import type { Objective } from '../objective.ts'
import { GENERIC_QUESTIONS } from './generic-questions.ts'

const ANSWER_TOKENS_MAX = 48
const QUESTIONS_PER_CALL = 16

export interface GenericRowsOptions {
  /** What stands on the base while the rows are trained; null: nothing. */
  on: Adapter | null
  tokensMax: number
  objective: Pick<Objective, 'anchor' | 'k'>
  seed: number
  signal: AbortSignal
}

/** At most `tokensMax` tokens; fewer where the questions run out. Throws the signal's reason. */
export async function writeGenericRows(
  engine: Engine,
  { on, tokensMax, objective, seed, signal }: GenericRowsOptions,
): Promise<TrainingExample[]> {
  const questions = shuffle(GENERIC_QUESTIONS, createRandom(seed))
  const written: { question: string; row: TrainingExample }[] = []
  let left = tokensMax
  let shortest = 0
  for (let from = 0; from < questions.length && left > shortest; from += QUESTIONS_PER_CALL) {
    const asked = questions.slice(from, from + QUESTIONS_PER_CALL)
    for (const { question, row } of await answerGenericQuestions(engine, asked, {
      tokensMax: ANSWER_TOKENS_MAX,
      adapter: on,
      signal,
    })) {
      shortest = Math.min(shortest || Infinity, row.tokens.length)
      if (row.tokens.length > left) continue
      written.push({ question, row })
      left -= row.tokens.length
    }
  }
  if (objective.anchor === 0) return written.map(({ row }) => row)
  return await anchorRows(engine, written, { on, objective, signal })
}

async function anchorRows(
  engine: Engine,
  written: readonly { question: string; row: TrainingExample }[],
  { on, objective: { anchor, k }, signal }: Pick<GenericRowsOptions, 'on' | 'objective' | 'signal'>,
): Promise<TrainingExample[]> {
  const asked = written.map(({ question, row: { tokens, lossFrom } }) => ({
    prompt: promptTokens(engine, messagesTo(on, question)),
    answer: tokens.slice(lossFrom),
  }))
  const teachings = await engine.teach(asked, { k, adapter: on, signal })
  return written.flatMap(({ row }, index) => {
    const teacher = teachings[index]
    return teacher ? [{ ...row, teacher, objective: { crossEntropy: 0, distillation: anchor } }] : []
  })
}

/** A base is asked in the words it answers best to, an adapter in those of its training. */
function messagesTo(adapter: Adapter | null, question: string): PromptMessage[] {
  return adapter === null ? baseMessages(question) : closedBookMessages(question)
}

/**
 * General questions with the answers of the base (by default) or an adapter, as training rows; without those that are
 * answered with nothing. A version is asked in the words of its training, so the rows are in those. Throws the signal's
 * reason.
 */
export async function answerGenericQuestions(
  engine: Engine,
  questions: readonly string[],
  { tokensMax, adapter = null, signal }: { tokensMax: number; adapter?: Adapter | null; signal?: AbortSignal },
): Promise<{ question: string; row: TrainingExample }[]> {
  const answers = await ask(
    engine,
    questions.map((question) => ({ messages: messagesTo(adapter, question), adapter })),
    { tokensMax, ...(signal ? { signal } : {}) },
  )
  signal?.throwIfAborted()
  return questions.flatMap((question, index) => {
    const text = answers[index]?.text ?? ''
    return text === '' ? [] : [{ question, row: toTrainingExample(engine, closedBookMessages(question), text) }]
  })
}
