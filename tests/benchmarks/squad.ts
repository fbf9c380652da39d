// `npm run bench:squad`: what a document's questions are answered right after it was learned, without the document, by
// every way of learning that is compared; called on the engine directly, with the service's functions and defaults.
import { join, relative } from 'node:path'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import type { Arm, Run } from './learning/arm.ts'
import { reportArms } from './learning/arms-report.ts'
import { openBench, readGround } from './learning/bench.ts'
import { chooseArms } from './learning/choose-arms.ts'
import { readFlags, SHARED_HELP } from './learning/flags.ts'
import type { Flags } from './learning/flags.ts'
import { openLineage } from './learning/lineage.ts'
import { defaultData, evaluationPath, poolPath, readPassages } from './learning/passages.ts'
import type { BenchPassage } from './learning/passages.ts'
import { openResultStore } from './learning/result-store.ts'
import { collectResults, runArms } from './learning/run-arms.ts'
import { writeReport } from './learning/write-report.ts'
import { MORE_SQUAD_ARMS, practisedArms, SQUAD_ARMS } from './squad/arms.ts'

const HELP = `npm run bench:squad -- [flags]

Passages of SQuAD, each learned by itself: accuracy, exact match, uptake, trained tokens and seconds of every arm. Our own
arm takes about a minute a document and seed on two quiet cores; a run that is stopped goes on where it was.

  --documents N    passages (40)
  --seeds N        trainings of each arm (2)
  --arms LIST      of ${SQUAD_ARMS.map(({ name }) => name).join(', ')} (all of these that the data allows);
                   by name only: ${MORE_SQUAD_ARMS.map(({ name }) => name).join(', ')},
                   and after-round-1, after-round-2 once "npm run bench:practice" has left its report in STATE
                   (default data: ../shared/data/squad/evaluation.json, for published figures; while working
                   --data ../shared/data/squad/pool.json)
${SHARED_HELP}`

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2), { documents: 40, seeds: 2 })
  if (flags.help) return console.log(HELP)
  const data = flags.data ?? defaultData(evaluationPath, poolPath)
  const passages = readPassages(data, flags.documents, flags.from)
  const arms = armsFor(flags, passages)
  const plan = { arms, passages, seeds: flags.seeds }
  const store = openResultStore<Run>(join(flags.state, 'squad.jsonl'), { fresh: flags.fresh && !flags.report })
  if (!flags.report) {
    const bench = openLineage(await openBench(flags), flags)
    await runArms(bench, store, plan, (line) => console.error(line))
    bench.engine.close()
  }
  const results = collectResults(await readGround(flags), store, plan)
  const command = `npm run bench:squad -- --documents ${passages.length} --seeds ${flags.seeds} --data ${relative('.', data)}`
  const report = reportArms(results, {
    title: 'Learning one document',
    command: flags.arms === undefined ? command : `${command} --arms ${flags.arms.join()}`,
    yardsticks: { base: 'frozen', ceiling: 'open-book', against: 'ours' },
    seeds: flags.seeds,
  })
  writeReport('squad', flags, report)
}

/** The yardsticks always run. Arms of texts that the data lacks are left out, or refused when they were asked for. */
function armsFor(flags: Flags, passages: readonly BenchPassage[]): Arm[] {
  const chosen = chooseArms(
    flags.arms,
    SQUAD_ARMS,
    [...MORE_SQUAD_ARMS, ...practisedArms(flags.state)],
    ['frozen', 'open-book'],
  )
  const missing = chosen.filter((arm) => passages.some((passage) => lacks(passage, arm)))
  if (flags.arms !== undefined && missing.length > 0)
    throw new PlainError(`The data has no selfEdits for ${missing.map(({ name }) => name).join(', ')}.`)
  if (missing.length > 0)
    console.error(`left out, the data has no selfEdits: ${missing.map(({ name }) => name).join(', ')}`)
  return chosen.filter((arm) => !missing.includes(arm))
}

function lacks({ selfEdits }: BenchPassage, { learning }: Arm): boolean {
  const material = learning?.material
  const by =
    material?.kind === 'given'
      ? material.by
      : material?.kind === 'plain' && typeof material.implications === 'object'
        ? material.implications.by
        : undefined
  return by !== undefined && selfEdits?.[by] === undefined
}

await main().catch(reportFailure)
