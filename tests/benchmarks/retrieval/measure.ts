// Shares of questions, with intervals that draw whole documents: the questions of one passage rise and fall together, and
// a document that several stores hold counts as one.
import { buildRouter, type RouterSettings } from '../../../shared/router/router.ts'
import { bootstrap, type Interval } from '../learning/bootstrap.ts'
import type { BenchPassage } from '../learning/passages.ts'
import type { Ranker } from './rankers.ts'
import { RANKED } from './rankers.ts'
import type { Store } from './stores.ts'

export interface Share {
  value: number | null
  interval: Interval | null
  /** Questions, each counted once for every store it was asked of. */
  asked: number
}

/** Yes or no of each question, by document. */
export type Outcomes = Map<string, boolean[]>

export function shareOf(outcomes: Outcomes): Share {
  const counts = [...outcomes.values()].map((all) => ({ yes: all.filter(Boolean).length, all: all.length }))
  const share = (chosen: readonly { yes: number; all: number }[]) => {
    const all = chosen.reduce((sum, count) => sum + count.all, 0)
    return all === 0 ? null : chosen.reduce((sum, count) => sum + count.yes, 0) / all
  }
  return {
    value: share(counts),
    interval: bootstrap(counts.length, (indexes) => share(indexes.flatMap((index) => counts[index] ?? []))),
    asked: counts.reduce((sum, { all }) => sum + all, 0),
  }
}

/** Whether the right passage comes first, and among the first three. */
export async function rankQuestions(
  ranker: Ranker,
  own: readonly BenchPassage[],
  outcomes: { first: Outcomes; amongThree: Outcomes },
): Promise<void> {
  for (const { id, questions } of own)
    for (const { question } of questions) {
      const ids = (await ranker.rank(question)).slice(0, RANKED)
      note(outcomes.first, id, ids[0] === id)
      note(outcomes.amongThree, id, ids.includes(id))
    }
}

export interface Routing {
  /** Of questions that the store answers: led to their document; to another one. */
  right: Outcomes
  wrong: Outcomes
  /** Of questions that it does not answer: led to a document all the same. */
  accepted: Outcomes
}

/** What the router does with the questions of a store, and with those of other articles. */
export function routeQuestions({ stored, own, foreign }: Store, settings: RouterSettings, outcomes: Routing): void {
  const entries = stored.map(({ id, title, text }) => ({ documentId: id, title, text, questions: [] }))
  const route = buildRouter(entries, settings)
  for (const { id, questions } of own)
    for (const { question } of questions) {
      const { documentId } = route(question)
      note(outcomes.right, id, documentId === id)
      note(outcomes.wrong, id, documentId !== null && documentId !== id)
    }
  for (const { id, questions } of foreign)
    for (const { question } of questions) note(outcomes.accepted, id, route(question).documentId !== null)
}

function note(outcomes: Outcomes, id: string, yes: boolean): void {
  const known = outcomes.get(id)
  if (known) known.push(yes)
  else outcomes.set(id, [yes])
}
