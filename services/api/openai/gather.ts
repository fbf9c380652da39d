// A stream of completion events put together: what each choice said, and how much was generated.
import type {
  CompletionEnd,
  CompletionPiece,
  CompletionStart,
  CompletionToken,
} from '../../../shared/completions/completion.ts'

export interface GatheredChoice {
  text: string
  tokens: CompletionToken[]
  finish: CompletionEnd['finish']
}

export interface Usage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
}

export function toUsage({ promptTokens }: CompletionStart, generated: number): Usage {
  return { prompt_tokens: promptTokens, completion_tokens: generated, total_tokens: promptTokens + generated }
}

/** In the order of the choices, which all end before the events do. */
export async function gatherChoices(
  events: AsyncIterable<CompletionPiece | CompletionEnd>,
): Promise<{ choices: GatheredChoice[]; generated: number }> {
  const choices: GatheredChoice[] = []
  let generated = 0
  for await (const event of events) {
    const choice = (choices[event.choice] ??= { text: '', tokens: [], finish: 'stop' })
    if (event.type === 'piece') {
      choice.text += event.text
      choice.tokens.push(...event.tokens)
    } else {
      choice.finish = event.finish
      generated += event.tokens
    }
  }
  return { choices, generated }
}
