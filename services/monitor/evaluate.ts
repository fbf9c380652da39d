// Asks probes of one version and grades the answers: greedy, closed-book, so the same version always gives the same
// numbers (with a judge: as steady as the judge). Which adapter answers a probe is the caller's business, because it is
// the router's or the strategy's.
import type { Adapter } from '../engine/adapter/adapter.ts'
import { ask, scoreAnswers } from '../engine/ask.ts'
import type { Engine } from '../engine/engine.ts'
import type { EvaluationAnswer, EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import { baseMessages, closedBookMessages } from '../../shared/prompts.ts'
import type { AnswerJudge } from './answer-judge.ts'
import { gradeAnswers } from './grade-answers.ts'

/** Gold answers are a few words; longer ones are cut by the grader anyway. */
const ANSWER_TOKENS_MAX = 40
/** Probes of one call to the engine: enough to fill its batches, few enough to report progress and to stop. */
const PROBES_PER_CALL = 32

export interface EvaluateOptions {
  probes: readonly Probe[]
  /** Null for the base. Probes of equal adapters (the same object) run together. */
  adapterFor: (probe: Probe) => Adapter | null
  /** Grades the answers to long golds; absent or null: all are graded by words. */
  judge?: AnswerJudge | null
  /** Probes answered so far, of all. */
  onProgress?: (done: number, total: number) => void | Promise<void>
  signal?: AbortSignal
}

/** Documents in the order of their first probe. Throws the signal's reason when aborted: half a row is no measure. */
export async function evaluate(engine: Engine, options: EvaluateOptions): Promise<EvaluationInput[]> {
  const { probes, adapterFor, onProgress } = options
  const answers = new Map<string, EvaluationAnswer>()
  const questions = groupByAdapter(probes.map((probe) => ({ probe, adapter: adapterFor(probe) })))
  for (let from = 0; from < questions.length; from += PROBES_PER_CALL) {
    const asked = questions.slice(from, from + PROBES_PER_CALL)
    for (const answer of await askProbes(engine, asked, options)) answers.set(answer.probeId, answer)
    await onProgress?.(answers.size, probes.length)
  }
  return collectByDocument(probes, answers)
}

/** Equal adapters next to each other, so that a call's batches are as full as they can be. */
function groupByAdapter<T extends { adapter: Adapter | null }>(items: readonly T[]): T[] {
  const order = new Map([...new Set(items.map(({ adapter }) => adapter))].map((adapter, index) => [adapter, index]))
  return items.toSorted((a, b) => (order.get(a.adapter) ?? 0) - (order.get(b.adapter) ?? 0))
}

async function askProbes(
  engine: Engine,
  asked: readonly { probe: Probe; adapter: Adapter | null }[],
  { judge = null, signal }: EvaluateOptions,
): Promise<EvaluationAnswer[]> {
  signal?.throwIfAborted()
  const cancellation = signal ? { signal } : {}
  const rows = asked.map(({ probe, adapter }) => ({
    messages: closedBookMessages(probe.question),
    answer: probe.answer,
    adapter,
  }))
  // The base is asked in the words it answers best to; log-probabilities compare only under equal prompts.
  const questions = asked.map(({ probe, adapter }) => ({
    messages: adapter ? closedBookMessages(probe.question) : baseMessages(probe.question),
    adapter,
  }))
  const answers = await ask(engine, questions, { tokensMax: ANSWER_TOKENS_MAX, ...cancellation })
  const scores = await scoreAnswers(engine, rows, cancellation)
  signal?.throwIfAborted()
  const given = asked.map(({ probe }, row) => {
    const answer = answers[row]
    if (!answer) throw new Error(`probe ${probe.id} was left unanswered`)
    return { question: probe.question, gold: probe.answer, answer: answer.text }
  })
  const grades = await gradeAnswers(given, { judge, ...cancellation })
  return asked.flatMap(({ probe }, row) => {
    const [answer, score, grade] = [given[row]?.answer, scores[row], grades[row]]
    if (answer === undefined || !score || !grade) throw new Error(`probe ${probe.id} was left ungraded`)
    return { probeId: probe.id, answer, ...grade, logprob: score.logprob }
  })
}

/** `answers` by the ids of their probes; one evaluation a document, in the order of the probes. */
export function collectByDocument(
  probes: readonly Probe[],
  answers: ReadonlyMap<string, EvaluationAnswer>,
): EvaluationInput[] {
  const byDocument = new Map<string, EvaluationAnswer[]>()
  for (const { id, documentId } of probes) {
    const own = byDocument.get(documentId) ?? []
    byDocument.set(documentId, own)
    const answer = answers.get(id)
    if (answer) own.push(answer)
  }
  return [...byDocument].map(([documentId, own]) => {
    const logprobSum = own.reduce((sum, { logprob }) => sum + logprob, 0)
    return { documentId, logprob: logprobSum / Math.max(1, own.length), answers: own }
  })
}
