// Questions in the chat format to answers: messages through the base's template, rows grouped by adapter so that one
// batch runs one adapter, greedy decoding, results in the order of the questions. Training rows are made here as well,
// so that what is trained and what is asked are the same tokens.
import type { Adapter } from './adapter/adapter.ts'
import type { Engine, GenerateOptions, PromptReader, Score, TrainingExample } from './engine.ts'
import type { ChatMessage } from './tokenizer/chat-template.ts'

export interface Question {
  messages: readonly ChatMessage[]
  /** Null for the base alone. */
  adapter: Adapter | null
}

export interface Answer {
  text: string
  /** Sum over the answer's tokens under the model, nats. */
  logprob: number
  tokens: number
  promptTokens: number
  finish: 'stop' | 'length' | 'cancelled'
}

export interface AskOptions {
  tokensMax: number
  stop?: readonly string[]
  signal?: AbortSignal
}

/** Answers all questions, greedily. Aborting the signal ends each answer where it stands (`finish: 'cancelled'`). */
export async function ask(engine: Engine, questions: readonly Question[], options: AskOptions): Promise<Answer[]> {
  const prompts = questions.map(({ messages }) => promptTokens(engine, messages))
  const generateOptions: GenerateOptions = {
    tokensMax: options.tokensMax,
    ...(options.stop ? { stop: options.stop } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  }
  return runByAdapter(questions, async (adapter, indexes) => {
    const rows = indexes.map((index) => prompts[index] ?? [])
    const generations = await engine.generate(rows, { ...generateOptions, adapter })
    return generations.map(({ text, tokens, logprobs, finish }, row) => ({
      text: text.trim(),
      logprob: logprobs.reduce((sum, logprob) => sum + logprob, 0),
      tokens: tokens.length,
      promptTokens: rows[row]?.length ?? 0,
      finish,
    }))
  })
}

export interface GivenAnswer extends Question {
  answer: string
}

/**
 * log p(answer | messages) of each given answer, nats, with its number of tokens. The end of the turn is left out: it
 * tells how terse a model has become, not what it knows.
 */
export async function scoreAnswers(
  engine: Engine,
  given: readonly GivenAnswer[],
  options: { signal?: AbortSignal } = {},
): Promise<Score[]> {
  const rows = given.map(({ messages, answer }) => {
    const { tokens, lossFrom } = toTrainingExample(engine, messages, answer)
    return { prompt: tokens.slice(0, lossFrom), answer: tokens.slice(lossFrom, -1) }
  })
  return runByAdapter(given, (adapter, indexes) =>
    engine.score(
      indexes.flatMap((index) => rows[index] ?? []),
      { ...options, adapter },
    ),
  )
}

/** The row on which a model learns to answer `messages` with `answer`: loss on the answer and the end of its turn. */
export function toTrainingExample(engine: Engine, messages: readonly ChatMessage[], answer: string): TrainingExample {
  const prompt = promptTokens(engine, messages)
  return {
    tokens: [...prompt, ...engine.tokenizer.encode(answer.trim(), { addSpecial: false }), endOfTurn(engine)],
    lossFrom: prompt.length,
  }
}

/** Token ids of a conversation, up to where the assistant's answer begins. */
export function promptTokens(engine: PromptReader, messages: readonly ChatMessage[]): number[] {
  // The template writes the special tokens itself, the first one too.
  return engine.tokenizer.encode(engine.chatTemplate.render(messages, { addGenerationPrompt: true }), {
    addSpecial: false,
  })
}

const endIds = new WeakMap<Engine, number>()

/** The token that the template puts after an assistant's answer, e.g. `<|im_end|>`. */
function endOfTurn(engine: Engine): number {
  const known = endIds.get(engine)
  if (known !== undefined) return known
  const { tokenizer, chatTemplate } = engine
  const asked: ChatMessage[] = [{ role: 'user', content: 'a' }]
  const open = chatTemplate.render(asked, { addGenerationPrompt: true })
  const closed = chatTemplate.render([...asked, { role: 'assistant', content: 'b' }])
  const written = closed.startsWith(open) ? tokenizer.encode(closed.slice(open.length), { addSpecial: false }) : []
  const endId = written.find((id) => tokenizer.endIds.includes(id)) ?? tokenizer.endIds[0]
  if (endId === undefined) throw new Error(`base ${engine.base.id} names no token that ends an answer`)
  endIds.set(engine, endId)
  return endId
}

/** Runs each adapter's items in one call; `run` gets their indexes and returns one result for each, in order. */
async function runByAdapter<T>(
  items: readonly { adapter: Adapter | null }[],
  run: (adapter: Adapter | null, indexes: readonly number[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const groups = new Map<Adapter | null, number[]>()
  items.forEach(({ adapter }, index) => groups.set(adapter, [...(groups.get(adapter) ?? []), index]))
  const results = new Map<number, T>()
  for (const [adapter, indexes] of groups) {
    const answered = await run(adapter, indexes)
    if (answered.length !== indexes.length)
      throw new Error(`${indexes.length} rows were asked, ${answered.length} answered`)
    answered.forEach((result, position) => results.set(indexes[position] ?? -1, result))
  }
  return items.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}
