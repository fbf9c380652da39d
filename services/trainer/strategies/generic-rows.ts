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
  for (let from = 0; from < questions.length && left > 0; from += QUESTIONS_PER_CALL) {
    const asked = questions.slice(from, from + QUESTIONS_PER_CALL)
    const answers = await ask(
      engine,
      asked.map((question) => ({ messages: baseMessages(question), adapter: null })),
      { tokensMax: ANSWER_TOKENS_MAX, signal },
    )
    signal.throwIfAborted()
    for (const [index, question] of asked.entries()) {
      const text = answers[index]?.text ?? ''
      // Asked of a version it comes in the words of its training, so it is trained in those.
      const row = toTrainingExample(engine, closedBookMessages(question), text)
      if (text === '' || row.tokens.length > left) continue
      rows.push(row)
      left -= row.tokens.length
    }
    // What is left would take a row shorter than any: do not ask on.
    if (rows.length > 0 && left < Math.min(...rows.map(({ tokens }) => tokens.length))) break
  }
  return rows
}
