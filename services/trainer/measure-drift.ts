// How far a version has moved from its base on what no document is about: KL(base || version) over the base's own answers
// to general questions, asked as the version would be asked. A question that no adapter answers is answered by the base,
// so a routed version has hardly moved at all; one adapter for everything has.
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { groupByAdapters, pickAdapters, type RoutedVersion } from '../../shared/router/pick-adapters.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine, ScoreRow } from '../engine/engine.ts'
import { loadSum } from './load-adapters.ts'
import { DRIFT_QUESTIONS } from './strategies/generic-questions.ts'
import { answerGenericQuestions } from './strategies/generic-rows.ts'

/** With 17 questions they are up to 272 places to differ, in 2 s on two cores. */
const ANSWER_TOKENS_MAX = 16

/** The base's answers, made at the first measurement; the base never changes. */
const answersOf = new WeakMap<Engine, Promise<Map<string, ScoreRow>>>()

/** Bits a token; null where the base answers none of the questions. Throws `adapter_unavailable`. */
export async function measureDrift(
  parts: { engine: Engine; store: ObjectStore; trained: ReadonlyMap<string, Adapter> },
  { manifest, router, signal }: RoutedVersion & { signal: AbortSignal },
): Promise<number | null> {
  const groups = groupByAdapters(DRIFT_QUESTIONS, (question) => pickAdapters(manifest, router, question))
  if (groups.every(({ entries }) => entries.length === 0)) return 0
  const answers = await baseAnswers(parts.engine)
  let [nats, tokens] = [0, 0]
  for (const { entries, items } of groups) {
    const rows = items.flatMap((question) => answers.get(question) ?? [])
    const count = rows.reduce((sum, { answer }) => sum + answer.length, 0)
    const adapter = await loadSum(parts, entries)
    if (adapter !== null && rows.length > 0) nats += count * (await parts.engine.divergence(rows, { adapter, signal }))
    tokens += count
  }
  return tokens === 0 ? null : nats / tokens / Math.LN2
}

function baseAnswers(engine: Engine): Promise<Map<string, ScoreRow>> {
  const known = answersOf.get(engine)
  if (known !== undefined) return known
  const made = answerGenericQuestions(engine, DRIFT_QUESTIONS, { tokensMax: ANSWER_TOKENS_MAX }).then(
    (rows) =>
      new Map(
        rows.map(({ question, row: { tokens, lossFrom } }) => [
          question,
          { prompt: tokens.slice(0, lossFrom), answer: tokens.slice(lossFrom) },
        ]),
      ),
  )
  answersOf.set(engine, made)
  made.catch(() => answersOf.delete(engine))
  return made
}
