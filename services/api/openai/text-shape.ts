// text_completion, whole and in chunks, as OpenAI's clients read it; `documents` beside it is ours.
import type { CompletionToken } from '../../../shared/completions/completion.ts'
import type { CompletionHead, CompletionShape } from './send-completion.ts'

/** `logprobs`: whether they were asked for. */
export function textShape(logprobs: boolean): CompletionShape {
  /** Length of what each choice has said, for the offsets of its next tokens. */
  const said = new Map<number, number>()
  const toLogprobs = (choice: number, tokens: readonly CompletionToken[]) => {
    if (!logprobs) return null
    const offset = said.get(choice) ?? 0
    said.set(choice, offset + tokens.reduce((sum, { text }) => sum + text.length, 0))
    return describeTokens(tokens, offset)
  }
  const answer = (head: CompletionHead, choices: object[]) => ({ ...head, object: 'text_completion', choices })
  return {
    idPrefix: 'cmpl',
    toWhole: (head, choices) =>
      answer(
        head,
        choices.map(({ text, tokens, finish }, index) => ({
          index,
          text,
          logprobs: toLogprobs(index, tokens),
          finish_reason: finish,
        })),
      ),
    toFirstChunk: () => undefined,
    toChunk: (head, event) => {
      const { choice: index } = event
      if (event.type === 'end') return answer(head, [{ index, text: '', logprobs: null, finish_reason: event.finish }])
      const { text, tokens } = event
      return answer(head, [{ index, text, logprobs: toLogprobs(index, tokens), finish_reason: null }])
    },
    toUsageChunk: (head, usage) => ({ ...answer(head, []), usage }),
  }
}

/** Of `top_logprobs` the drawn token is always one, also where others were likelier. */
function describeTokens(tokens: readonly CompletionToken[], offset: number): object {
  let at = offset
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ text, logprob, alternatives }) =>
      Object.fromEntries([...alternatives, { text, logprob }].map((token) => [token.text, token.logprob])),
    ),
    text_offset: tokens.map(({ text }) => {
      const begin = at
      at += text.length
      return begin
    }),
  }
}
