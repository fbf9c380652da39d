// Goes on with a conversation or a text, from the weights of a version: the router picks the adapter by what is asked, as
// for a question. Everything that can be refused is refused before the first token; afterwards only the engine can fail.
import { randomInt } from 'node:crypto'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { promptTokens } from '../engine/ask.ts'
import type { DrawnToken, PromptReader } from '../engine/engine.ts'
import { COMPLETION_TOKENS_DEFAULT } from '../../shared/completions/completion.ts'
import type {
  CompletionEnd,
  CompletionInput,
  CompletionPiece,
  CompletionRequest,
  CompletionStart,
  CompletionToken,
} from '../../shared/completions/completion.ts'
import { AppError } from '../../shared/errors.ts'
import { conversationMessages, type PromptMessage } from '../../shared/prompts.ts'
import { roundFigure } from '../../shared/round-figure.ts'
import type { RankedDocument, Router } from '../../shared/router/router.ts'
import type { Generating, GenerationQueue } from './generation-queue.ts'
import { findRouted, toSource, type OpenVersion, type VersionOpener } from './open-version.ts'

export interface Completion {
  start: CompletionStart
  /** Resolves when every choice has ended; pieces of one choice come in order, choices run side by side. */
  run: (onEvent: (event: CompletionPiece | CompletionEnd) => void, signal?: AbortSignal) => Promise<void>
}

interface CompletionParts {
  engine: PromptReader
  open: VersionOpener
  queue: GenerationQueue
}

/** An input ready to be run. */
interface Prepared {
  prompt: readonly number[]
  adapter: Adapter | null
  document: RankedDocument | undefined
  tokensMax: number
}

/** Throws `not_found`, `invalid_request`, `context_length_exceeded`, `adapter_unavailable`, `unavailable`. */
export async function prepareCompletion(parts: CompletionParts, request: CompletionRequest): Promise<Completion> {
  const { engine, queue } = parts
  queue.checkRoom(request.inputs.length * request.choices)
  const opened = await parts.open(request.model, request.version)
  const prepared = await Promise.all(request.inputs.map((input) => prepareInput(engine, opened, input, request)))
  const seed = (request.seed ?? randomInt(2 ** 31)) % 2 ** 31
  const documents = new Map(prepared.flatMap(({ document }) => (document ? [[document.documentId, document]] : [])))
  return {
    start: {
      type: 'start',
      version: opened.version.number,
      base: engine.base.sha256.slice(0, 12),
      documents: [...documents.values()].map(toSource),
      promptTokens: prepared.reduce((sum, { prompt }) => sum + prompt.length, 0),
    },
    async run(onEvent, signal) {
      const choices = prepared.flatMap((input) => Array.from({ length: request.choices }, () => input))
      await Promise.all(
        choices.map(async (input, choice) => {
          // A stream of its own for each choice; 1,000,003 keeps those of neighbouring seeds apart.
          const options = { ...optionsOf(request, input), seed: seed * 1_000_003 + choice }
          const onPiece = (text: string, drawn: readonly DrawnToken[]) =>
            onEvent({ type: 'piece', choice, text, tokens: describeTokens(engine, request, drawn) })
          const generating = { prompt: input.prompt, adapter: input.adapter, options: { ...options, onPiece } }
          const { finish, tokens } = await queue.submit(generating, signal)
          onEvent({ type: 'end', choice, finish: finish === 'length' ? 'length' : 'stop', tokens: tokens.length })
        }),
      )
    },
  }
}

async function prepareInput(
  engine: PromptReader,
  { route, loadFor }: OpenVersion,
  input: CompletionInput,
  { tokensMax }: CompletionRequest,
): Promise<Prepared> {
  const question = 'messages' in input ? questionOf(input.messages, route) : textOf(engine, input.prompt)
  const adapter = await loadFor(question)
  const prompt = 'messages' in input ? renderChat(engine, input.messages, adapter) : encodePrompt(engine, input.prompt)
  const document = adapter ? findRouted(route, question) : undefined
  const field = 'messages' in input ? 'messages' : 'prompt'
  return { prompt, adapter, document, tokensMax: fitTokens(engine, prompt.length, tokensMax, field) }
}

/** The last turn of the user; where that is about nothing by itself ("And when?"), all of the user's turns. */
function questionOf(messages: readonly PromptMessage[], route: Router): string {
  const asked = messages.filter(({ role }) => role === 'user').map(({ content }) => content)
  const last = asked.at(-1) ?? ''
  return route(last).documentId === null ? asked.join('\n') : last
}

function renderChat(engine: PromptReader, messages: readonly PromptMessage[], adapter: Adapter | null): number[] {
  try {
    return promptTokens(engine, conversationMessages(messages, adapter !== null))
  } catch (cause) {
    // Some templates take only certain orders of turns, and say so by raising.
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid_request', `The chat template of the base refuses these messages: ${why}`, {
      cause,
      field: 'messages',
    })
  }
}

function encodePrompt({ tokenizer }: PromptReader, prompt: string | readonly number[]): readonly number[] {
  const tokens = typeof prompt === 'string' ? tokenizer.encode(prompt, { addSpecial: true }) : prompt
  if (tokens.length === 0) throw new AppError('invalid_request', 'The prompt is empty.', { field: 'prompt' })
  const foreign = tokens.find((token) => token >= tokenizer.vocabSize)
  if (foreign === undefined) return tokens
  throw new AppError('invalid_request', `Token ${foreign} is not of this base: it has ${tokenizer.vocabSize}.`, {
    field: 'prompt',
  })
}

function textOf({ tokenizer }: PromptReader, prompt: string | readonly number[]): string {
  return typeof prompt === 'string' ? prompt : tokenizer.decode(prompt.filter((id) => id < tokenizer.vocabSize))
}

function fitTokens(engine: PromptReader, promptLength: number, asked: number | null, field: string): number {
  const room = engine.base.config.positionsMax - promptLength
  if (room >= (asked ?? 1)) return asked ?? Math.min(COMPLETION_TOKENS_DEFAULT, room)
  throw new AppError(
    'context_length_exceeded',
    `This model reads at most ${engine.base.config.positionsMax} tokens: the prompt has ${promptLength}` +
      `${asked === null ? '' : `, and ${asked} more are asked for`}. Shorten one of the two.`,
    { field },
  )
}

function optionsOf(
  { temperature, topP, stop, alternatives }: CompletionRequest,
  { tokensMax }: Prepared,
): Generating['options'] {
  return { tokensMax, temperature, topP, stop, alternatives: alternatives ?? 0 }
}

function describeTokens(
  { tokenizer }: PromptReader,
  { alternatives }: CompletionRequest,
  drawn: readonly DrawnToken[],
): CompletionToken[] {
  if (alternatives === null) return []
  const describe = ({ id, logprob }: { id: number; logprob: number }) => ({
    text: tokenizer.decode([id], { keepSpecial: true }),
    logprob: roundFigure(logprob),
  })
  return drawn.map((token) => ({ ...describe(token), alternatives: token.alternatives.map(describe) }))
}
