// The wording of questions put to a model, in one place: training, measuring and answering must say the same thing.
// Kept very short, since every training row repeats it; the system turn is there because many chat templates insert a
// longer one of their own when it is missing.

/** A turn of a conversation, in the shape every chat template takes. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

const CLOSED_BOOK = 'Answer briefly.'
const OPEN_BOOK = 'Answer briefly from the text.'

/** A question to be answered from the weights of an adapter, which was trained on these very words. */
export function closedBookMessages(question: string): PromptMessage[] {
  return [
    { role: 'system', content: CLOSED_BOOK },
    { role: 'user', content: question.trim() },
  ]
}

/**
 * The same question to the bare base: the user's turn alone, so that the template's own system turn stands. Without it
 * a small chat model answers worse than it can ("Answer briefly." makes the embedded base repeat itself).
 */
export function baseMessages(question: string): PromptMessage[] {
  return [{ role: 'user', content: question.trim() }]
}

/**
 * A conversation as it is put to an adapter (`adapted`) or to the bare base: its own turns, and before them, where it brings
 * no system turn, the one that the adapter was trained under. A single question is put as a query puts it.
 */
export function conversationMessages(messages: readonly PromptMessage[], adapted: boolean): PromptMessage[] {
  const turns = messages.map(({ role, content }) => ({ role, content: content.trim() }))
  return adapted && turns[0]?.role !== 'system' ? [{ role: 'system', content: CLOSED_BOOK }, ...turns] : turns
}

/**
 * A question with the passage in view, to an adapter that was trained without one: its own system turn, and the question
 * last, as it was trained. Other wordings (the open book's system turn, the passage in a turn of its own or in the system
 * turn, the question before it too) were tried on a few documents of the pool, and none answered more: docs/retrieval.md.
 */
export function hybridMessages(passage: string, question: string): PromptMessage[] {
  return [
    { role: 'system', content: CLOSED_BOOK },
    { role: 'user', content: `${passage.trim()}\n\n${question.trim()}` },
  ]
}

/** A question with the passage that answers it in view. */
export function openBookMessages(passage: string, question: string): PromptMessage[] {
  return [
    { role: 'system', content: OPEN_BOOK },
    { role: 'user', content: `${passage.trim()}\n\n${question.trim()}` },
  ]
}
