// The chat template a model was trained with.

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface ChatTemplate {
  /** The prompt text; with `addGenerationPrompt` it ends where the assistant's answer begins. */
  render(messages: readonly ChatMessage[], options?: { addGenerationPrompt?: boolean }): string
}
