// The rankers that are compared on the same documents: the service's own, Postgres' full-text search and MiniSearch. Each
// gets title and text, no questions, and returns the ids it thinks of, best first.
import type pg from 'pg'
import { buildRouter } from '../../../shared/router/router.ts'
import { contentWords } from '../../../shared/words.ts'
import type { BenchPassage } from '../learning/passages.ts'

export interface Ranker {
  name: string
  rank(question: string): Promise<string[]>
}

/** What a question is worth is decided within the first three. */
export const RANKED = 3

export function ourRanker(store: readonly BenchPassage[]): Ranker {
  const route = buildRouter(store.map(({ id, title, text }) => ({ documentId: id, title, text, questions: [] })))
  return { name: 'ours', rank: async (question) => route(question).ranking.map(({ documentId }) => documentId) }
}

/**
 * Any word of the question may match (as OR between the words of websearch_to_tsquery). `ts_rank_cd` is what the manual
 * recommends for nearness, `ts_rank` with length normalisation (1) is the better of its rankings here.
 */
export async function postgresRankers(store: readonly BenchPassage[], client: pg.Client): Promise<Ranker[]> {
  await client.query('drop table if exists passage')
  await client.query(
    `create table passage as
     select id, to_tsvector('english', title || ' ' || text) words
     from unnest($1::text[], $2::text[], $3::text[]) as given (id, title, text)`,
    [store.map(({ id }) => id), store.map(({ title }) => title), store.map(({ text }) => text)],
  )
  const ranker = (name: string, ranking: string): Ranker => ({
    name,
    rank: async (question) => {
      const { rows } = await client.query<{ id: string }>(
        `select id from passage, (select replace(plainto_tsquery('english', $1)::text, '&', '|')::tsquery query) asked
         where words @@ query order by ${ranking} desc, id limit ${RANKED}`,
        [question],
      )
      return rows.map(({ id }) => id)
    },
  })
  return [
    ranker('Postgres ts_rank_cd', 'ts_rank_cd(words, query)'),
    ranker('Postgres ts_rank', 'ts_rank(words, query, 1)'),
  ]
}

interface MiniSearch {
  addAll(documents: readonly object[]): void
  search(query: string): { id: string }[]
}

/** As it comes, and with the service's own words (stems, no stop words). Undefined where it is not installed. */
export async function findMiniSearch(): Promise<((store: readonly BenchPassage[]) => Ranker[]) | undefined> {
  // Not a dependency: it is measured, not used.
  const name = 'minisearch'
  const module = (await import(name).catch(() => undefined)) as
    { default: new (options: object) => MiniSearch } | undefined
  if (module === undefined) return undefined
  const ranker = (name: string, options: object, store: readonly BenchPassage[]): Ranker => {
    const index = new module.default({ fields: ['title', 'text'], ...options })
    index.addAll(store.map(({ id, title, text }) => ({ id, title, text })))
    return {
      name,
      rank: async (question) =>
        index
          .search(question)
          .slice(0, RANKED)
          .map(({ id }) => id),
    }
  }
  return (store) => [
    ranker('MiniSearch', {}, store),
    ranker('MiniSearch, our words', { tokenize: contentWords, processTerm: (word: string) => word }, store),
  ]
}
