// `npm run bench:ablate`: what each choice of study and training buys, one factor at a time from the defaults. The defaults
// are chosen by it, so it runs on documents that no published figure is measured on.
import { join, relative } from 'node:path'
import { reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { ABLATE_ARMS } from './ablate/arms.ts'
import { tuningPassages } from './ablate/tuning-passages.ts'
import type { Run } from './learning/arm.ts'
import { reportArms } from './learning/arms-report.ts'
import { openBench, readGround } from './learning/bench.ts'
import { chooseArms } from './learning/choose-arms.ts'
import { readFlags, SHARED_HELP } from './learning/flags.ts'
import { openLineage } from './learning/lineage.ts'
import { defaultData, poolPath } from './learning/passages.ts'
import { openResultStore } from './learning/result-store.ts'
import { collectResults, runArms } from './learning/run-arms.ts'
import { writeReport } from './learning/write-report.ts'

const HELP = `npm run bench:ablate -- [flags]

Layers, rank, rate, epochs, batch, schedule, objective, token budget, format mix and filter, each changed alone. An arm takes about
40 seconds a document and seed on two quiet cores (what was written is shared); a stopped run goes on where it was.

  --documents N    passages (12)
  --seeds N        trainings of each arm (1)
  --arms LIST      of ${ABLATE_ARMS.map(({ name }) => name).join(', ')} (all); a * stands for any ending
                   (default data: ../shared/data/squad/pool.json, passages before 700 that the study adapter was not
                   taught with; evaluation.json is refused)
${SHARED_HELP}`

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2), { documents: 12, seeds: 1 })
  if (flags.help) return console.log(HELP)
  const data = flags.data ?? defaultData(poolPath)
  const passages = tuningPassages(data, flags.documents, flags.from ?? 0)
  const arms = chooseArms(flags.arms, ABLATE_ARMS, [], ['frozen', 'defaults', 'open-book'])
  const plan = { arms, passages, seeds: flags.seeds }
  const store = openResultStore<Run>(join(flags.state, 'ablate.jsonl'), { fresh: flags.fresh && !flags.report })
  if (!flags.report) {
    const bench = openLineage(await openBench(flags), flags)
    await runArms(bench, store, plan, (line) => console.error(line))
    bench.engine.close()
  }
  const results = collectResults(await readGround(flags), store, plan)
  const command = `npm run bench:ablate -- --documents ${passages.length} --seeds ${flags.seeds} --data ${relative('.', data)}`
  const report = reportArms(results, {
    title: 'What each choice buys',
    command: flags.arms === undefined ? command : `${command} --arms ${flags.arms.join()}`,
    yardsticks: { base: 'frozen', ceiling: 'open-book', against: 'defaults' },
    seeds: flags.seeds,
  })
  writeReport('ablate', flags, report)
}

await main().catch(reportFailure)
