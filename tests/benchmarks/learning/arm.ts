// One way of knowing a document: what is trained (nothing for the base) and how it is asked. A benchmark is a list of
// these; everything in `learning` and `asking` is part of a result's key, name and description are not.
import { performance } from 'node:perf_hooks'
import { hybridMessages } from '../../../shared/prompts.ts'
import { ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import { loadAdapter } from '../../../services/trainer/load-adapters.ts'
import { askQuestions } from './ask-questions.ts'
import type { Asking, BenchAnswer } from './ask-questions.ts'
import type { Bench } from './bench.ts'
import { learnAsService, SERVICE_LEARNING } from './learn-as-service.ts'
import { learn } from './learn.ts'
import type { Learned, Learning } from './learn.ts'
import type { LineageBench } from './lineage.ts'
import { loadNow } from './load-now.ts'
import type { BenchPassage } from './passages.ts'
import { keyOf } from './result-store.ts'

export interface Arm {
  name: string
  /** One line for the report. */
  about: string
  /** Null: nothing is trained, so one run stands for every seed. */
  learning: Learning | null
  asking: Asking
}

/** One arm on one document with one seed. */
export interface Run {
  answers: BenchAnswer[]
  rows: number
  trainedTokens: number
  studySeconds: number | null
  trainSeconds: number
  answerSeconds: number
  /** Why there was no model to ask (training diverged): all its answers count as wrong. */
  failed: string | null
  /** All that this run itself took, self-edits found in the store left out; for the time to go. */
  wallSeconds: number
  load: number
  revision: string
}

/** What a result depends on, and nothing else: a new study adapter leaves the arms that do not study as they are. */
export function runKey(ground: Bench['ground'], arm: Arm, passage: BenchPassage, seed: number): string {
  const { learning, asking } = arm
  const { id, title, text, questions } = passage
  const { base, wording, studyAdapter } = ground
  const studies =
    learning !== null && (learning.material.kind === 'own' || learning.recipe.objective?.teacher === 'study')
  const given = learning !== null && learning.material.kind !== 'own' ? passage.selfEdits : undefined
  const router = asking === 'routed' ? ROUTER_DEFAULTS : null
  // The other wordings are part of the ground.
  const words = asking === 'hybrid' ? hybridMessages('P', 'Q') : undefined
  const document = { id, title, text, questions, given }
  const under = { base, wording, ...(studies ? { studyAdapter } : {}) }
  return keyOf({ ...under, words, learning, asking, router, document, seed: seedOf(arm, seed) })
}

/** Greedy answers of an untrained base are the same for every seed. */
export const seedOf = (arm: Arm, seed: number): number | null => (arm.learning === null ? null : seed)

/** Several arms may ask the same adapter: the one trained last is kept. */
export type LastLearned = Map<string, Learned>

export async function runArm(
  bench: LineageBench,
  arm: Arm,
  passage: BenchPassage,
  seed: number,
  last: LastLearned,
): Promise<Run> {
  const [started, load] = [performance.now(), loadNow()]
  const outcome = await learnOnce(bench, arm, passage, seed, last)
  const failed = typeof outcome === 'string' ? outcome : null
  const learned = typeof outcome === 'string' ? nothing : outcome
  const asked = performance.now()
  const answers = failed === null ? await askQuestions(bench.engine, passage, { ...learned, asking: arm.asking }) : []
  const { rows, trainedTokens, studySeconds, trainSeconds } = learned
  return {
    answers: failed === null ? answers : passage.questions.map(() => wrong),
    ...{ rows, trainedTokens, studySeconds, trainSeconds, failed, load },
    answerSeconds: (performance.now() - asked) / 1000,
    wallSeconds: (performance.now() - started) / 1000,
    revision: bench.revision,
  }
}

const wrong: BenchAnswer = { text: '', correct: false, exact: false, logprob: null }
const nothing: Learned = {
  ...{ adapter: null, questions: [], rows: 0, trainedTokens: 0, trainSeconds: 0 },
  studySeconds: null,
}

/** The message of a training that diverged; everything else that is thrown is thrown on. */
async function learnOnce(
  bench: LineageBench,
  { learning }: Arm,
  passage: BenchPassage,
  seed: number,
  last: LastLearned,
): Promise<Learned | string> {
  if (learning === null) return nothing
  const key = keyOf({ id: passage.id, text: passage.text, learning, seed })
  const known = last.get(key)
  if (known !== undefined) return known
  last.clear()
  try {
    const learned = isService(learning)
      ? await learnKept(bench, passage, seed)
      : await learn(bench, passage, learning, seed)
    last.set(key, learned)
    return learned
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('training diverged')) return error.message
    throw error
  }
}

const isService = (learning: Learning): boolean => keyOf(learning) === keyOf(SERVICE_LEARNING)

/** Other benchmarks train the same adapter: it is read where one of them has made it. */
async function learnKept(bench: LineageBench, passage: BenchPassage, seed: number): Promise<Learned> {
  const { entry, questions, rows, cost } = await learnAsService(bench, passage, seed)
  const { studySeconds, trainSeconds, trainedTokens } = cost
  const adapter = entry === null ? null : await loadAdapter({ engine: bench.engine, store: bench.objects }, entry)
  return { adapter, questions, rows, studySeconds, trainSeconds, trainedTokens }
}
