// `npm run bench:continual`: what is left of each document after the next ones were learned, by strategy, as a matrix of
// updates and documents; called on the engine directly, with the service's plans, training and asking.
import { relative } from 'node:path'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { reportContinual } from './continual/report.ts'
import { runSequence } from './continual/run-sequence.ts'
import type { Sequence } from './continual/run-sequence.ts'
import { chooseWays, WAYS } from './continual/ways.ts'
import { openBench } from './learning/bench.ts'
import { readFlags, SHARED_HELP, wholeNumber } from './learning/flags.ts'
import { openLineage } from './learning/lineage.ts'
import { ifMeasured, withoutMeasuring } from './learning/not-measured.ts'
import { defaultData, evaluationPath, poolPath, readPassages } from './learning/passages.ts'
import type { BenchPassage } from './learning/passages.ts'
import { createProgress } from './learning/progress.ts'
import { writeReport } from './learning/write-report.ts'

const HELP = `npm run bench:continual -- [flags]

Sequences of documents learned one after another: the matrix of accuracies, ACC, BWT, forgetting, learned and retained of
every strategy. About one and a half minutes an update on two quiet cores (replay four); a stopped run goes on where it was.

  --length N       documents of a sequence (8)
  --documents N    documents in all, cut into sequences (24)
  --seeds N        of each sequence (1)
  --every N        updates after which all learned documents are asked, besides the last (1; of sequences longer than 16
                   a tenth of the length); after the others only the new one
  --arms LIST      of ${WAYS.map(({ name }) => name).join(', ')} (all)
                   (default data: ../shared/data/squad/evaluation.json; while working --data ../shared/data/squad/pool.json)
${SHARED_HELP}`

const LENGTH_ASKED_FULLY = 16

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2), { documents: 24, seeds: 1 }, { length: '8', every: '' })
  if (flags.help) return console.log(HELP)
  const length = wholeNumber('length', flags.more.length, 2)
  const everyRow =
    flags.more.every === ''
      ? length <= LENGTH_ASKED_FULLY
        ? 1
        : Math.ceil(length / 10)
      : wholeNumber('every', flags.more.every, 1)
  const data = flags.data ?? defaultData(evaluationPath, poolPath)
  const passages = readPassages(data, flags.documents, flags.from)
  const sequences = cut(passages, length)
  const ways = chooseWays(flags.arms)
  const runs = sequences.flatMap((sequence, index) =>
    seedsUpTo(flags.seeds).flatMap((seed) =>
      ways.map((way) => ({ number: index + 1, way, passages: sequence, seed, everyRow })),
    ),
  )
  const opened = await openBench(flags)
  const engine = flags.report ? withoutMeasuring(opened.engine) : opened.engine
  const bench = openLineage({ ...opened, engine }, { ...flags, fresh: flags.fresh && !flags.report })
  const progress = createProgress(runs.flatMap(({ way }) => Array.from({ length }, () => way.name)))
  const results: Sequence[] = []
  for (const { number, ...run } of runs) {
    let started = performance.now()
    const onUpdate = (update: number) => {
      const seconds = (performance.now() - started) / 1000
      started = performance.now()
      const line = progress.done(run.way.name, seconds < MEASURED_SECONDS_MIN ? null : seconds)
      if (!flags.report)
        console.error(
          `${line} ${run.way.name}, sequence ${number}, seed ${run.seed}, update ${update}: ${seconds.toFixed(0)} s`,
        )
    }
    const result = await ifMeasured(() => runSequence(bench, { ...run, onUpdate }))
    if (result !== null) results.push(result)
  }
  opened.engine.close()
  const arms = flags.arms === undefined ? '' : ` --arms ${flags.arms.join()}`
  const command =
    `npm run bench:continual -- --length ${length} --documents ${passages.length} --seeds ${flags.seeds} ` +
    `--data ${relative('.', data)}${arms}`
  writeReport(`continual-${length}`, flags, reportContinual(results, { command, length, everyRow }))
}

/** An update that took less was read from the state: it says nothing of the time to go. */
const MEASURED_SECONDS_MIN = 1

/** What does not fill a sequence is left out. */
function cut(passages: readonly BenchPassage[], length: number): BenchPassage[][] {
  const count = Math.floor(passages.length / length)
  if (count === 0) throw new PlainError(`${passages.length} documents do not fill a sequence of ${length}.`)
  return Array.from({ length: count }, (_, index) => passages.slice(index * length, (index + 1) * length))
}

const seedsUpTo = (seeds: number): number[] => Array.from({ length: seeds }, (_, index) => index + 1)

await main().catch(reportFailure)
