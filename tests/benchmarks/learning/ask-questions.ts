// The gold questions put to a model, in each of the ways that benchmarks compare, and graded. This is the only place that
// sees a gold answer. Closed-book answers go through the monitor's own evaluation: same prompt, length and grader.
import { baseMessages, hybridMessages, openBookMessages } from '../../../shared/prompts.ts'
import type { Probe } from '../../../shared/probes/probe.ts'
import { buildRouter, ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { ask } from '../../../services/engine/ask.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import type { ChatMessage } from '../../../services/engine/tokenizer/chat-template.ts'
import { evaluate } from '../../../services/monitor/evaluate.ts'
import { grade } from '../../../services/monitor/grade.ts'
import { exactMatch } from './exact-match.ts'
import type { BenchPassage } from './passages.ts'
import { sealPlainQuestion, sealQuestion } from './seal.ts'

export const ASKINGS = [
  /** The adapter, closed-book; the base without one. */
  'closed_book',
  /** As the service answers: the router decides whether the document's adapter is asked or the base. */
  'routed',
  /** The base is told to reason before it answers. */
  'reasoning',
  /** The base with the passage in view. */
  'open_book',
  /** The adapter with the passage in view. */
  'hybrid',
  /** As SEAL asks a chat model, and as it asks a plain one. */
  'seal_chat',
  'seal_plain',
] as const
export type Asking = (typeof ASKINGS)[number]

export interface BenchAnswer {
  text: string
  correct: boolean
  exact: boolean
  /** log p(gold | question), nats, where it was scored. */
  logprob: number | null
}

/** As the monitor's: gold answers are a few words. */
const ANSWER_TOKENS_MAX = 40
const REASONING_TOKENS_MAX = 160

/** One answer a question, in order. `questions` are the study's own, for the router. */
export async function askQuestions(
  engine: Engine,
  passage: BenchPassage,
  { asking, adapter, questions }: { asking: Asking; adapter: Adapter | null; questions: readonly string[] },
): Promise<BenchAnswer[]> {
  switch (asking) {
    case 'closed_book':
      return askProbes(engine, passage, () => adapter)
    case 'routed': {
      const entry = { documentId: passage.id, title: passage.title, text: passage.text, questions }
      const route = buildRouter([entry], ROUTER_DEFAULTS)
      return askProbes(engine, passage, ({ question }) => (route(question).documentId === null ? null : adapter))
    }
    case 'open_book':
      return askFreely(engine, passage, (question) => openBookMessages(passage.text, question), { adapter: null })
    case 'hybrid':
      return askFreely(engine, passage, (question) => hybridMessages(passage.text, question), { adapter })
    case 'reasoning':
      return askFreely(engine, passage, reasoningMessages, {
        adapter: null,
        tokensMax: Math.min(REASONING_TOKENS_MAX, engine.base.config.positionsMax / 4),
        read: lastAnswer,
      })
    case 'seal_chat':
      return askFreely(engine, passage, sealQuestion, { adapter })
    case 'seal_plain':
      return askPlainly(engine, passage, adapter)
  }
}

async function askProbes(
  engine: Engine,
  passage: BenchPassage,
  adapterFor: (probe: Probe) => Adapter | null,
): Promise<BenchAnswer[]> {
  const probes = probesOf(passage)
  const [evaluation] = await evaluate(engine, { probes, adapterFor })
  return probes.map(({ id, answer: gold }) => {
    const answer = evaluation?.answers.find(({ probeId }) => probeId === id)
    if (answer === undefined) throw new Error(`question ${id} was left unanswered`)
    const { answer: text, correct, logprob } = answer
    return { text, correct, exact: exactMatch(gold, text), logprob }
  })
}

export function probesOf({ id, questions }: BenchPassage): Probe[] {
  return questions.map(({ question, answer }, index) => ({
    ...{ id: `${id}/${index}`, documentId: id, question, answer },
    source: 'caller' as const,
  }))
}

async function askFreely(
  engine: Engine,
  passage: BenchPassage,
  messagesFor: (question: string) => ChatMessage[],
  options: { adapter: Adapter | null; tokensMax?: number; read?: (text: string) => string },
): Promise<BenchAnswer[]> {
  const { adapter, tokensMax = ANSWER_TOKENS_MAX, read = (text: string) => text } = options
  const asked = passage.questions.map(({ question }) => ({ messages: messagesFor(question), adapter }))
  const answers = await ask(engine, asked, { tokensMax })
  return gradeAll(
    passage,
    answers.map(({ text }) => read(text)),
  )
}

async function askPlainly(engine: Engine, passage: BenchPassage, adapter: Adapter | null): Promise<BenchAnswer[]> {
  const prompts = passage.questions.map(({ question }) => engine.tokenizer.encode(sealPlainQuestion(question)))
  // A model that knows no end of turn goes on with the next question; what it answered is the first line.
  const answers = await engine.generate(prompts, { adapter, tokensMax: ANSWER_TOKENS_MAX, stop: ['\n'] })
  return gradeAll(
    passage,
    answers.map(({ text }) => text.trim()),
  )
}

const REASONING =
  'Think step by step about what you know, then end with a line "Answer:" and the answer in a few words.'

function reasoningMessages(question: string): ChatMessage[] {
  const [asked] = baseMessages(question)
  return [{ role: 'user', content: `${asked?.content ?? question}\n\n${REASONING}` }]
}

/** What stands after the last "Answer:"; without one the whole text is the answer. */
function lastAnswer(text: string): string {
  const answer = text
    .split(/answer\s*:/i)
    .at(-1)
    ?.trim()
  return answer === undefined || answer === '' ? text : answer
}

function gradeAll({ questions }: BenchPassage, texts: readonly string[]): BenchAnswer[] {
  return questions.map(({ question, answer: gold }, index) => {
    const text = texts[index] ?? ''
    return { text, correct: grade(question, gold, text), exact: exactMatch(gold, text), logprob: null }
  })
}
