// `npm run bench:scale`: what happens to a routed model as its documents become many: accuracy kept against each document's
// own adapter, seconds of an update, latency of a query, bytes. Every document is learned once, whatever the sizes.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { inventedPath } from '../data/invented.ts'
import { openBench } from './learning/bench.ts'
import { readFlags, SHARED_HELP, wholeNumber } from './learning/flags.ts'
import type { Flags } from './learning/flags.ts'
import { learnAsService } from './learning/learn-as-service.ts'
import { openLineage } from './learning/lineage.ts'
import type { LineageBench } from './learning/lineage.ts'
import { ifMeasured, withoutMeasuring } from './learning/not-measured.ts'
import { evaluationPath, poolPath, poolTunedBefore, readAllPassages, readPassages } from './learning/passages.ts'
import type { BenchPassage } from './learning/passages.ts'
import { createProgress } from './learning/progress.ts'
import { keyOf, openResultStore } from './learning/result-store.ts'
import type { ResultStore } from './learning/result-store.ts'
import { writeReport } from './learning/write-report.ts'
import { measureCosts, measureSet } from './scale/measure-set.ts'
import type { LearnedPassage, SetCosts } from './scale/measure-set.ts'
import { reportScale } from './scale/report.ts'
import type { LearningCost, SizeResult } from './scale/report.ts'

const HELP = `npm run bench:scale -- [flags]

A routed model of 1, 50 and 200 documents: accuracy kept, update seconds, query latency, bytes. Learning takes about a
minute a document on two quiet cores, so three and a half hours for 200; a stopped run goes on where it was. Adapters are
kept in the state, 20 MB each; bench:squad and bench:continual share them.

  --documents N    documents in all, each learned once (200)
                   (default data: all of ../shared/data/squad/evaluation.json, then pool.json from 700 on)
  --sizes LIST     documents of a model (1,50,200)
  --seeds N        trainings of each document, sets of each by themselves (1)
${SHARED_HELP}`

type Learned = LearnedPassage & { cost: LearningCost }

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2), { documents: 200, seeds: 1 }, { sizes: '1,50,200' })
  if (flags.help) return console.log(HELP)
  const wanted = flags.more.sizes.split(',').map((size) => wholeNumber('sizes', size, 1))
  const passages =
    flags.data === undefined ? defaultPassages(flags) : readPassages(flags.data, flags.documents, flags.from)
  const sizes = wanted.filter((size) => size <= passages.length)
  if (sizes.length === 0) throw new PlainError(`No size of --sizes fits ${passages.length} documents.`)
  const opened = await openBench(flags)
  const engine = flags.report ? withoutMeasuring(opened.engine) : opened.engine
  const state = { ...flags, fresh: flags.fresh && !flags.report }
  const bench = openLineage({ ...opened, engine }, state)
  const costs = openResultStore<SetCosts>(join(flags.state, 'scale-costs.jsonl'), state)
  const learned = await learnAll(bench, passages, flags)
  const results = await measureSizes(bench, costs, learned, sizes)
  opened.engine.close()
  const command =
    `npm run bench:scale -- --documents ${passages.length} --sizes ${sizes.join()} --seeds ${flags.seeds}` +
    (flags.data === undefined ? '' : ` --data ${relative('.', flags.data)}`)
  const spent = learned.flat().map(({ cost }) => cost)
  writeReport('scale', flags, reportScale(results, spent, { command }))
}

/** Two hundred documents that nothing was tuned on: those of the published figures, then the pool's from 700 on. */
function defaultPassages({ documents, from = 0 }: Flags): BenchPassage[] {
  const files = [evaluationPath, poolPath].filter((path) => existsSync(path))
  if (files.length === 0) return readPassages(inventedPath, documents, from)
  const all = files.flatMap((path) => readAllPassages(path).slice(path === poolPath ? poolTunedBefore : 0))
  const passages = all.slice(from, from + documents)
  if (passages.length === 0) throw new PlainError(`There are ${all.length} documents, none from ${from} on.`)
  return passages
}

/** All documents by seed; those of a report that were not learned yet are left out. */
async function learnAll(bench: LineageBench, passages: readonly BenchPassage[], flags: Flags): Promise<Learned[][]> {
  const progress = createProgress(Array.from({ length: passages.length * flags.seeds }, () => 'learn'))
  const all: Learned[][] = []
  for (let seed = 1; seed <= flags.seeds; seed++) {
    const learned: Learned[] = []
    for (const passage of passages) {
      const started = performance.now()
      const one = await ifMeasured(() => learnAsService(bench, passage, seed))
      if (one !== null) learned.push({ ...one, passage })
      const seconds = (performance.now() - started) / 1000
      // What is read from the state takes no second and says nothing of the time to go.
      const line = progress.done('learn', seconds < 1 ? null : seconds)
      if (!flags.report) console.error(`${line} ${passage.id} learned, ${seconds.toFixed(0)} s`)
    }
    all.push(learned)
  }
  return all
}

/** Disjoint sets of each size; costs are those of the first set. */
async function measureSizes(
  bench: LineageBench,
  costs: ResultStore<SetCosts>,
  learned: readonly (readonly Learned[])[],
  sizes: readonly number[],
): Promise<SizeResult[]> {
  const results: SizeResult[] = []
  for (const size of sizes) {
    const sets = learned.flatMap((all) =>
      Array.from({ length: Math.floor(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size)),
    )
    const documents: SizeResult['documents'] = []
    for (const [index, set] of sets.entries()) {
      if (size > 1) console.error(`asking set ${index + 1} of ${sets.length} of ${size} documents`)
      documents.push(...((await ifMeasured(() => measureSet(bench, set))) ?? []))
    }
    const [first] = sets
    results.push({ size, documents, costs: first === undefined ? null : await costsOnce(bench, costs, first) })
  }
  return results
}

async function costsOnce(
  bench: LineageBench,
  costs: ResultStore<SetCosts>,
  set: readonly Learned[],
): Promise<SetCosts | null> {
  const key = keyOf({ ground: bench.ground, adapters: set.map(({ entry }) => entry?.key ?? null) })
  const known = costs.find(key)
  if (known !== undefined) return known
  const measured = await ifMeasured(() => measureCosts(bench, set))
  if (measured !== null) costs.append(key, measured)
  return measured
}

await main().catch(reportFailure)
