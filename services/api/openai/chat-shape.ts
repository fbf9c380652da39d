// chat.completion and chat.completion.chunk, as OpenAI's clients read them; `documents` beside them is ours.
import type { CompletionEnd, CompletionPiece, CompletionToken } from '../../../shared/completions/completion.ts'
import type { CompletionHead, CompletionShape } from './send-completion.ts'

/** `logprobs`: whether they were asked for. */
export function chatShape(logprobs: boolean): CompletionShape {
  const toLogprobs = (tokens: readonly CompletionToken[]) =>
    logprobs ? { content: tokens.map(toTokenLogprob), refusal: null } : null
  const chunk = (head: CompletionHead, choices: object[]) => ({ ...head, object: 'chat.completion.chunk', choices })
  return {
    idPrefix: 'chatcmpl',
    toWhole: (head, choices) => ({
      ...head,
      object: 'chat.completion',
      choices: choices.map(({ text, tokens, finish }, index) => ({
        index,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: toLogprobs(tokens),
        finish_reason: finish,
      })),
    }),
    toFirstChunk: (head, index) =>
      chunk(head, [{ index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }]),
    toChunk: (head, event) => chunk(head, [toDelta(event, toLogprobs)]),
    toUsageChunk: (head, usage) => ({ ...chunk(head, []), usage }),
  }
}

function toDelta(
  event: CompletionPiece | CompletionEnd,
  toLogprobs: (tokens: readonly CompletionToken[]) => object | null,
): object {
  const { choice: index } = event
  if (event.type === 'end') return { index, delta: {}, logprobs: null, finish_reason: event.finish }
  return { index, delta: { content: event.text }, logprobs: toLogprobs(event.tokens), finish_reason: null }
}

function toTokenLogprob({ text, logprob, alternatives }: CompletionToken): object {
  const describe = (token: { text: string; logprob: number }) => ({
    token: token.text,
    logprob: token.logprob,
    bytes: bytesOf(token.text),
  })
  return { ...describe({ text, logprob }), top_logprobs: alternatives.map(describe) }
}

/** Null for a token that is a part of a character: alone it has no text. */
function bytesOf(text: string): number[] | null {
  return text.includes('\ufffd') ? null : [...Buffer.from(text, 'utf8')]
}
