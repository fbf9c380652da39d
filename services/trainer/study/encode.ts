// Conversations as token ids, for asking and for training. The answer's tokens are encoded apart from the prompt's, so
// that a trained row begins with exactly the ids that a question has when it is asked.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'

type Speech = Pick<Engine, 'tokenizer' | 'chatTemplate'>

/** Ids up to where the assistant's answer begins. */
export function encodePrompt(engine: Speech, messages: readonly PromptMessage[]): number[] {
  return engine.tokenizer.encode(engine.chatTemplate.render(messages, { addGenerationPrompt: true }))
}

/** Prompt, answer, end of turn; the loss is on the answer and the end of turn. */
export function encodeExample(engine: Speech, messages: readonly PromptMessage[], answer: string): TrainingExample {
  const prompt = encodePrompt(engine, messages)
  const completion = engine.tokenizer.encode(answer)
  return { tokens: [...prompt, ...completion, endOfTurn(engine)], lossFrom: prompt.length }
}

/** The id with which the template itself ends an assistant's turn; the first of the end ids where it has none. */
export function endOfTurn({ tokenizer, chatTemplate }: Speech): number {
  const text = chatTemplate.render([
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ])
  const ids = tokenizer.encode(text)
  const end = ids.findLast((id) => tokenizer.endIds.includes(id)) ?? tokenizer.endIds[0]
  if (end === undefined) throw new Error('this base has no token that ends a turn')
  return end
}
