// A question to a version, answered: the version's documents are ranked, the adapter of the one it is about answers
// from its weights, from its text, or from both. When that adapter cannot be applied the question fails; the base never
// answers in its place.
import { z } from 'zod'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { promptTokens } from '../engine/ask.ts'
import type { ChatMessage } from '../engine/tokenizer/chat-template.ts'
import type { CompletionRequest } from '../../shared/completions/completion.ts'
import { AppError } from '../../shared/errors.ts'
import { baseMessages, closedBookMessages, hybridMessages, openBookMessages } from '../../shared/prompts.ts'
import { QUERY_MODES, type QueryMode } from '../../shared/query-modes.ts'
import { roundFigure } from '../../shared/round-figure.ts'
import type { RankedDocument } from '../../shared/router/router.ts'
import { prepareCompletion, type Completion } from './complete.ts'
import type { GenerationQueue } from './generation-queue.ts'
import { createVersionOpener, findRouted, toSource, type OpenVersion, type VersionParts } from './open-version.ts'

export const questionSchema = z.object({
  question: z.string().refine((text) => text.trim() !== '', 'must hold a question'),
  /** A model's name. */
  model: z.string(),
  /** Null asks the head. */
  version: z.number().int().min(0).nullable().default(null),
  mode: z.enum(QUERY_MODES).default('closed_book'),
})
export type InferenceQuestion = z.infer<typeof questionSchema>

export interface InferenceAnswer {
  answer: string
  /** The version that gave it. */
  version: number
  /** What it was answered from; empty when the base answered by itself. */
  documents: { id: string; title: string; score: number }[]
  /** Of the whole answer, nats. */
  logprob: number
  usage: { prompt_tokens: number; completion_tokens: number }
  timings_ms: { load: number; generate: number; total: number }
}

export interface Answerer {
  /**
   * Throws `not_found` (model, version), `invalid_request` (the question does not fit the base's context),
   * `adapter_unavailable`, `unavailable` (too many wait), `cancelled`.
   */
  answer(question: InferenceQuestion, signal?: AbortSignal): Promise<InferenceAnswer>
  /** A conversation or a text gone on with, token by token. Throws as `answer` does, before the first. */
  complete(request: CompletionRequest): Promise<Completion>
  /** Answers what was taken, then refuses. */
  close(): Promise<void>
}

export interface AnswererParts extends VersionParts {
  /** Who generates: the engine (generation-queue.ts), or a server outside (remote-queue.ts). */
  queue: GenerationQueue
  /** Milliseconds since some fixed moment. */
  clock?: () => number
  /** Of an answer to a question; a completion says its own. */
  tokensMax?: number
}

export function createAnswerer(parts: AnswererParts): Answerer {
  const { engine, queue, clock = () => performance.now(), tokensMax = 64 } = parts
  const open = createVersionOpener(parts)

  return {
    async answer({ question, model, version: number, mode }, signal) {
      const start = clock()
      const opened = await open(model, number)
      const { messages, adapter, document } = await PROMPTS[mode](opened, question)
      const prompt = promptTokens(engine, messages)
      checkLength(prompt.length, engine.base.config.positionsMax - tokensMax)
      const loaded = clock()
      const { text, tokens, logprobs } = await queue.submit({ prompt, adapter, options: { tokensMax } }, signal)
      const done = clock()
      return {
        answer: text.trim(),
        version: opened.version.number,
        documents: document ? [toSource(document)] : [],
        logprob: roundFigure(logprobs.reduce((sum, logprob) => sum + logprob, 0)),
        usage: { prompt_tokens: prompt.length, completion_tokens: tokens.length },
        timings_ms: { load: round(loaded - start), generate: round(done - loaded), total: round(done - start) },
      }
    },
    complete: (request) => prepareCompletion({ engine, open, queue }, request),
    close: () => queue.close(),
  }
}

interface Prompt {
  messages: ChatMessage[]
  adapter: Adapter | null
  /** What it is answered from. */
  document: RankedDocument | undefined
}

type ToPrompt = (opened: OpenVersion, question: string) => Prompt | Promise<Prompt>

/** From the weights: the adapters that the version answers this question with, or the base alone. */
const closedBook: ToPrompt = async ({ route, loadFor }, question) => {
  const adapter = await loadFor(question)
  if (!adapter) return { messages: baseMessages(question), adapter, document: undefined }
  return { messages: closedBookMessages(question), adapter, document: findRouted(route, question) }
}

/**
 * Retrieval: the passage that matches best stands before the question, and the bare base reads it, without any adapter: the
 * yardstick of what the base can do with the document in view. Whether the router would have trusted the match does
 * not matter: who asks with an open book asks for a passage.
 */
const openBook: ToPrompt = ({ route }, question) => {
  const [document] = route(question).ranking
  const messages = document ? openBookMessages(document.passage, question) : baseMessages(question)
  return { messages, adapter: null, document }
}

/** Both: the passage as in the open book, the adapters as in the closed one; where there are none it is the open book. */
const hybrid: ToPrompt = async (opened, question) => {
  const adapter = await opened.loadFor(question)
  if (!adapter) return await openBook(opened, question)
  const [document] = opened.route(question).ranking
  const messages = document ? hybridMessages(document.passage, question) : closedBookMessages(question)
  return { messages, adapter, document }
}

const PROMPTS: Record<QueryMode, ToPrompt> = { closed_book: closedBook, open_book: openBook, hybrid }

function checkLength(tokens: number, room: number): void {
  if (tokens <= room) return
  throw new AppError('invalid_request', `The question takes ${tokens} tokens; the base has room for ${room}.`, {
    field: 'question',
  })
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
