// `npm run bench:retrieval`: whether the passage that answers a question is found among N stored ones, by the service's
// own ranking, by Postgres' full-text search and by MiniSearch; what the router makes of it (right document, another
// one, the base; and questions that no document answers); and what it costs with many documents.
import { mkdtemp, chmod, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../../infra/local/postgres.ts'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { ROUTER_DEFAULTS, type RouterSettings } from '../../shared/router/router.ts'
import type { BenchPassage } from './learning/passages.ts'
import { evaluationPath, poolPath, readAllPassages } from './learning/passages.ts'
import { rankQuestions, routeQuestions, shareOf, type Outcomes, type Routing, type Share } from './retrieval/measure.ts'
import { findMiniSearch, ourRanker, postgresRankers, type Ranker } from './retrieval/rankers.ts'
import { measureCost } from './retrieval/scale.ts'
import { drawStore, drawTexts } from './retrieval/stores.ts'

const HELP = `npm run bench:retrieval -- [flags]

Stores N passages of one half of the articles, ten times, and asks the questions of those of them that nothing was tuned
on; top-1 and top-3 of each ranking, the router's choices, and those about the other half of the articles. Intervals are
95 %, over whole documents. About a minute on a quiet core.

  --documents LIST  numbers of stored passages (8,50,200)
  --seeds N         stores of each size (10)
  --data FILE       [{id, title, text, questions: [{question, answer}]}] (../shared/data/squad/pool.json)
  --from N          ask the questions of passages from this one on; those before only fill the store (700)
  --cost LIST       numbers of passages to measure memory and time with (200,1000,2000; none: 0)
  --more FILE       more passages for --cost, their texts only (../shared/data/squad/evaluation.json)
  --json FILE       the figures there too
  --help

MiniSearch takes part where it is installed: npm install --no-save minisearch@7.2.0
`

/** The rule before the evidence: kept to show what it changed. */
const BY_SHARE_ALONE: RouterSettings = { margin: 1.02, scoreMin: 0.2, evidenceMin: 0 }

const say = (line: string): void => console.log(line)

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      documents: { type: 'string', default: '8,50,200' },
      seeds: { type: 'string', default: '10' },
      data: { type: 'string', default: poolPath },
      from: { type: 'string', default: '700' },
      cost: { type: 'string', default: '200,1000,2000' },
      more: { type: 'string', default: evaluationPath },
      json: { type: 'string' },
    },
  })
  if (flags.help) return say(HELP)
  const passages = readAllPassages(resolve(flags.data))
  const from = numbers('from', flags.from)[0] ?? 0
  const tuned = new Set(passages.slice(0, from).map(({ id }) => id))
  const setting = { passages, tuned, seeds: numbers('seeds', flags.seeds)[0] ?? 1 }
  const sizes = numbers('documents', flags.documents)
  const ranking = await compareRankers(setting, sizes)
  say(`\n${table(['stored', 'ranking', 'questions', 'top-1', 'top-3'], ranking.map(toRankingRow))}`)
  const routing = sizes.flatMap((size) => compareRules(setting, size))
  say(`\n${table(['stored', 'rule', 'right', 'another', 'of others, taken'], routing.map(toRoutingRow))}`)
  const asked = passages.slice(from).flatMap(({ questions }) => questions.map(({ question }) => question))
  const more = readAllPassages(resolve(flags.more))
  const costs = numbers('cost', flags.cost)
    .filter((count) => count > 0)
    .map((count) => measureCost(drawTexts([...passages, ...more], count), asked))
  say(`\n${table(['stored', 'build, ms', 'memory, MB', 'a question, ms'], costs.map(toCostRow))}`)
  if (flags.json === undefined) return
  await writeFile(flags.json, `${JSON.stringify({ data: flags.data, from, ranking, routing, costs }, null, 2)}\n`)
}

interface Setting {
  passages: readonly BenchPassage[]
  tuned: ReadonlySet<string>
  seeds: number
}

function storesOf({ passages, tuned, seeds }: Setting, size: number) {
  return Array.from({ length: seeds }, (_, seed) => {
    const store = drawStore(passages, { size, seed: seed + 1, tuned })
    if (store === undefined) throw new PlainError(`Half of the articles has fewer than ${size} passages.`)
    return store
  })
}

interface RankingFigures {
  size: number
  name: string
  first: Share
  amongThree: Share
}

async function compareRankers(setting: Setting, sizes: readonly number[]): Promise<RankingFigures[]> {
  const miniSearch = await findMiniSearch()
  if (miniSearch === undefined) say('MiniSearch is not installed and left out (see --help).')
  return await withPostgres(async (client) => {
    const figures: RankingFigures[] = []
    for (const size of sizes) {
      const outcomes = new Map<string, { first: Outcomes; amongThree: Outcomes }>()
      for (const { stored, own } of storesOf(setting, size)) {
        const rankers: Ranker[] = [
          ourRanker(stored),
          ...(await postgresRankers(stored, client)),
          ...(miniSearch?.(stored) ?? []),
        ]
        for (const ranker of rankers) {
          const noted = outcomes.get(ranker.name) ?? { first: new Map(), amongThree: new Map() }
          outcomes.set(ranker.name, noted)
          await rankQuestions(ranker, own, noted)
        }
      }
      for (const [name, { first, amongThree }] of outcomes)
        figures.push({ size, name, first: shareOf(first), amongThree: shareOf(amongThree) })
    }
    return figures
  })
}

function compareRules(setting: Setting, size: number) {
  const rules = { now: ROUTER_DEFAULTS, 'by share alone': BY_SHARE_ALONE }
  return Object.entries(rules).map(([rule, settings]) => {
    const outcomes: Routing = { right: new Map(), wrong: new Map(), accepted: new Map() }
    for (const store of storesOf(setting, size)) routeQuestions(store, settings, outcomes)
    const { right, wrong, accepted } = outcomes
    return { size, rule, right: shareOf(right), wrong: shareOf(wrong), accepted: shareOf(accepted) }
  })
}

/** A server of its own, gone afterwards. */
async function withPostgres<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-retrieval-'))
  await chmod(folder, 0o711) // the database's user passes through
  const server = await startPostgres({ dataFolder: join(folder, 'data'), log: () => undefined, durable: false })
  const client = new pg.Client({ connectionString: server.url })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const toRankingRow = ({ size, name, first, amongThree }: RankingFigures) => [
  ...[String(size), name, String(first.asked)],
  ...[first, amongThree].map(toCell),
]

const toRoutingRow = ({ size, rule, right, wrong, accepted }: ReturnType<typeof compareRules>[number]) => [
  ...[String(size), rule],
  ...[right, wrong, accepted].map(toCell),
]

const toCostRow = ({ documents, buildMs, bytes, questionMs }: ReturnType<typeof measureCost>) => [
  ...[String(documents), buildMs.toFixed(0), (bytes / 1e6).toFixed(1), questionMs.toFixed(2)],
]

function toCell({ value, interval }: Share): string {
  if (value === null) return '-'
  const [text, ...ends] = [value, ...(interval ? [interval.low, interval.high] : [])].map((share) => share.toFixed(3))
  return ends.length === 0 ? `${text}` : `${text} [${ends.join(', ')}]`
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function numbers(flag: string, text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (values.every((value) => Number.isSafeInteger(value) && value >= 0)) return values
  throw new PlainError(`--${flag} must be whole numbers, separated by commas, not "${text}".`)
}

main().catch(reportFailure)
