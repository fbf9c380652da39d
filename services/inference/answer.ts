// A question to a version, answered: the version's documents are ranked, the adapter of the one it is about answers
// from its weights, from its text, or from both. When that adapter cannot be applied the question fails; the base never
// answers in its place.
import { z } from 'zod'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { promptTokens } from '../engine/ask.ts'
import type { Engine } from '../engine/engine.ts'
import type { ChatMessage } from '../engine/tokenizer/chat-template.ts'
import type { Db } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import { baseMessages, closedBookMessages, hybridMessages, openBookMessages } from '../../shared/prompts.ts'
import { QUERY_MODES, type QueryMode } from '../../shared/query-modes.ts'
import { roundFigure } from '../../shared/round-figure.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { pickAdapters } from '../../shared/router/pick-adapters.ts'
import type { RankedDocument, Router } from '../../shared/router/router.ts'
import { getHead, getVersion } from '../../shared/versions/get-version.ts'
import type { Version } from '../../shared/versions/version.ts'
import { createAnswerQueue } from './answer-queue.ts'
import { keepRecent } from './keep-recent.ts'
import { createAdapterLoader, type AdapterLoader } from './load-adapter.ts'

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
   * `adapter_unavailable`, `cancelled`.
   */
  answer(question: InferenceQuestion, signal?: AbortSignal): Promise<InferenceAnswer>
  /** Answers what was taken, then refuses. */
  close(): Promise<void>
}

export interface AnswererParts {
  db: Db
  store: ObjectStore
  engine: Engine
  /** Milliseconds since some fixed moment. */
  clock?: () => number
  /** An adapter of the embedded base takes 10 MB at rank 8. */
  adapterBytesMax?: number
  tokensMax?: number
}

/** Each holds the words of a version's documents: a few MB for a thousand of them. */
const ROUTERS_MAX = 16

export function createAnswerer(parts: AnswererParts): Answerer {
  const { db, engine, clock = () => performance.now(), tokensMax = 64 } = parts
  const loadAdapter = createAdapterLoader(parts.store, engine.base, parts.adapterBytesMax ?? 256 * 2 ** 20)
  const routers = keepRecent<Router>(ROUTERS_MAX, () => 1)
  const queue = createAnswerQueue(engine, { tokensMax })

  return {
    async answer({ question, model, version: number, mode }, signal) {
      const start = clock()
      const version = number === null ? await getHead(db, model) : await getVersion(db, model, number)
      checkBase(version, engine)
      const route = await routers.get(versionKey(version), () => loadRouter(db, version.manifest))
      const { messages, adapter, document } = await PROMPTS[mode](version, route, question, loadAdapter)
      checkLength(engine, messages, tokensMax)
      const loaded = clock()
      const answer = await queue.submit({ messages, adapter }, signal)
      const done = clock()
      return {
        answer: answer.text,
        version: version.number,
        documents: document ? [toSource(document)] : [],
        logprob: roundFigure(answer.logprob),
        usage: { prompt_tokens: answer.promptTokens, completion_tokens: answer.tokens },
        timings_ms: { load: round(loaded - start), generate: round(done - loaded), total: round(done - start) },
      }
    },
    close: () => queue.close(),
  }
}

interface Prompt {
  messages: ChatMessage[]
  adapter: Adapter | null
  /** What it is answered from. */
  document: RankedDocument | undefined
}

type ToPrompt = (
  version: Version,
  route: Router,
  question: string,
  loadAdapter: AdapterLoader,
) => Prompt | Promise<Prompt>

/** From the weights: the adapters that the version answers this question with, or the base alone. */
const closedBook: ToPrompt = async (version, route, question, loadAdapter) => {
  const adapter = await loadAdapter(pickAdapters(version.manifest, route, question))
  if (!adapter) return { messages: baseMessages(question), adapter, document: undefined }
  const { documentId, ranking } = route(question)
  const document = ranking.find((ranked) => ranked.documentId === documentId)
  return { messages: closedBookMessages(question), adapter, document }
}

/**
 * Retrieval: the passage that matches best stands before the question, and the bare base reads it, without any adapter: the
 * yardstick of what the base can do with the document in view. Whether the router would have trusted the match does
 * not matter: who asks with an open book asks for a passage.
 */
const openBook: ToPrompt = (_version, route, question) => {
  const [document] = route(question).ranking
  const messages = document ? openBookMessages(document.passage, question) : baseMessages(question)
  return { messages, adapter: null, document }
}

/** Both: the passage as in the open book, the adapters as in the closed one; where there are none it is the open book. */
const hybrid: ToPrompt = async (version, route, question, loadAdapter) => {
  const adapter = await loadAdapter(pickAdapters(version.manifest, route, question))
  if (!adapter) return await openBook(version, route, question, loadAdapter)
  const [document] = route(question).ranking
  const messages = document ? hybridMessages(document.passage, question) : closedBookMessages(question)
  return { messages, adapter, document }
}

const PROMPTS: Record<QueryMode, ToPrompt> = { closed_book: closedBook, open_book: openBook, hybrid }

function checkBase(version: Version, engine: Engine): void {
  const trainedOn = version.manifest?.base
  if (!trainedOn || trainedOn.sha256 === engine.base.sha256) return
  throw new AppError(
    'adapter_unavailable',
    `Version ${version.number} of ${version.model} was trained on ${trainedOn.id}; the base loaded here is ${engine.base.id}.`,
  )
}

function checkLength(engine: Engine, messages: readonly ChatMessage[], tokensMax: number): void {
  const tokens = promptTokens(engine, messages).length
  const room = engine.base.config.positionsMax - tokensMax
  if (tokens <= room) return
  throw new AppError('invalid_request', `The question takes ${tokens} tokens; the base has room for ${room}.`, {
    field: 'question',
  })
}

/** A version's number and its moment: a database that was set up anew counts from 0 again. */
function versionKey({ model, number, createdAt }: Version): string {
  return `${model} ${number} ${createdAt.getTime()}`
}

function toSource({ documentId, title, score }: RankedDocument): InferenceAnswer['documents'][number] {
  return { id: documentId, title, score: Number(score.toFixed(4)) }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
