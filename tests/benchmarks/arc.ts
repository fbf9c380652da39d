// `npm run bench:arc`: SEAL's few-shot half. A task shows its rule in a few pairs of grids; the model writes how it shall be
// trained on them, is trained so, and is asked the test. Before and after practice, beside the prompt alone and the oracle.
import { relative } from 'node:path'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { ADAPT_LIMITS } from '../../services/trainer/arc/adapt.ts'
import { practise } from '../../services/trainer/arc/practise.ts'
import type { PracticeResult } from '../../services/trainer/arc/practise.ts'
import type { Task } from '../../services/trainer/arc/task.ts'
import { arcBenchOn, readGridAdapter, sampleOnce, trainPolicyOnce, tryOnce, UNTRAINED_POLICY } from './arc/arc-bench.ts'
import type { ArcBench, Policy } from './arc/arc-bench.ts'
import { reportArc } from './arc/report.ts'
import { ARC_ARMS, runArm } from './arc/run-arms.ts'
import type { ArcArm, ArmPlan, ArmTries } from './arc/run-arms.ts'
import { readArcTasks } from './arc/tasks.ts'
import { openBench } from './learning/bench.ts'
import { readStateFlags, STATE_HELP, wholeNumber } from './learning/flags.ts'
import { ifMeasured, withoutMeasuring } from './learning/not-measured.ts'
import { createProgress } from './learning/progress.ts'
import type { Progress } from './learning/progress.ts'
import { writeReport } from './learning/write-report.ts'

const HELP = `npm run bench:arc -- [flags]

ARC tasks by self-edits: practice on train.json, then pass@1 and pass@k on tasks of pool.json that nothing was trained on and
on those of evaluation.json that fit. A stopped run goes on where it was.

  --data FOLDER    train.json, pool.json, evaluation.json: {NAME: {train: [{input, output}], test: [...]}} (../shared/data/arc)
  --tasks N        held-out tasks of the pool (24)
  --k N            self-edits of a task (5)
  --seeds N        samplings and trainings of each (1)
  --practice-k N   self-edits of a task in practice (16; what is no configuration costs nothing more)
  --side N         longest side of a grid (${ADAPT_LIMITS.sideMax}; 30 takes all tasks, for a larger base)
  --tokens N       trained tokens of a self-edit at most, over its epochs (${ADAPT_LIMITS.trainedTokensMax})
  --adapter FOLDER the base's grid adapter, made by npm run grid-adapter (infra/local/grid-adapter); none for the bare base
  --arms LIST      of ${Object.keys(ARC_ARMS).join(', ')} (all)
${STATE_HELP}`

const DEFAULTS = {
  ...{
    data: '../shared/data/arc',
    tasks: '24',
    k: '5',
    seeds: '1',
    'practice-k': '16',
    adapter: 'infra/local/grid-adapter',
  },
  ...{ side: String(ADAPT_LIMITS.sideMax), tokens: String(ADAPT_LIMITS.trainedTokensMax) },
}

async function main(): Promise<void> {
  const { given, ...flags } = readStateFlags(process.argv.slice(2), DEFAULTS)
  if (flags.help) return console.log(HELP)
  const number = (flag: keyof typeof DEFAULTS): number => wholeNumber(flag, given[flag], 1)
  const [k, seeds, practiceK] = [number('k'), number('seeds'), number('practice-k')]
  const limits = { ...ADAPT_LIMITS, sideMax: number('side'), trainedTokensMax: number('tokens') }
  const arms = chooseArms(flags.arms)
  const tasks = readArcTasks(given.data, { count: number('tasks'), sideMax: limits.sideMax })

  const state = { ...flags, fresh: flags.fresh && !flags.report }
  const opened = await openBench(state)
  const engine = flags.report ? withoutMeasuring(opened.engine) : opened.engine
  const bench = arcBenchOn({ ...opened, engine }, readGridAdapter(engine, given.adapter), limits, state)
  const rehearsals = arms.includes('practised') ? tasks.practice.map(() => 'practice') : []
  const progress = createProgress([...rehearsals, ...tasks.evaluation.flatMap(() => arms)])
  const told: Told = { progress, say: flags.report ? () => undefined : (line) => console.error(line) }
  const practised = arms.includes('practised')
    ? await ifMeasured(() => practiseOnce(bench, tasks.practice, { practiceK, ...told }))
    : null
  const ready = arms.filter((arm) => arm !== 'practised' || practised !== null)
  const plan = { k, seeds, practised: practised?.policy ?? null }
  const results = await runArms(bench, tasks.evaluation, { arms: ready, plan, ...told })
  opened.engine.close()
  const command =
    `npm run bench:arc -- --data ${relative('.', given.data)} --tasks ${given.tasks} --k ${k} --seeds ${seeds} ` +
    `--practice-k ${practiceK} --side ${given.side} --tokens ${given.tokens}` +
    (given.adapter === DEFAULTS.adapter ? '' : ` --adapter ${relative('.', given.adapter)}`) +
    (flags.arms === undefined ? '' : ` --arms ${flags.arms.join()}`)
  writeReport('arc', flags, reportArc(results, { command, k, seeds, practice: practised?.result ?? null }))
}

interface Told {
  progress: Progress
  say: (line: string) => void
}

/** Task by task, so that a run that is stopped has compared all arms on some of them. */
async function runArms(
  bench: ArcBench,
  tasks: readonly Task[],
  { arms, plan, progress, say }: Told & { arms: readonly ArcArm[]; plan: ArmPlan },
): Promise<ArmTries[]> {
  const results: ArmTries[] = []
  for (const task of tasks)
    for (const arm of arms) {
      const timed = timer()
      const result = await ifMeasured(() => runArm(bench, arm, task, plan))
      if (result === null) continue
      results.push(result)
      const solved = result.tries.filter((tried) => tried.solved).length
      say(`${progress.done(arm, timed())} ${task.id} ${arm}: ${solved} of ${result.tries.length} tries solve it`)
    }
  return results
}

function chooseArms(names: readonly string[] | undefined): ArcArm[] {
  const all = Object.keys(ARC_ARMS) as ArcArm[]
  const unknown = names?.filter((name) => !all.some((arm) => arm === name)) ?? []
  if (unknown.length > 0) throw new PlainError(`--arms: ${unknown.join(', ')} not known; there are ${all.join(', ')}.`)
  return all.filter((arm) => names === undefined || names.includes(arm))
}

/** One round; the policy is null where no self-edit solved its task. */
async function practiseOnce(
  bench: ArcBench,
  tasks: readonly Task[],
  { practiceK, progress, say }: Told & { practiceK: number },
): Promise<{ result: PracticeResult; policy: Policy | null }> {
  let timed = timer()
  const result = await practise(tasks, {
    sample: (task) => sampleOnce(bench, UNTRAINED_POLICY, task, { count: practiceK, seed: 1 }),
    attempt: (task, configuration) => tryOnce(bench, task, configuration, 1),
    onTask(task, { valid, solved }) {
      say(
        `${progress.done('practice', timed())} practice on ${task.id}: ${valid} of ${practiceK} valid, ${solved} solve it`,
      )
      timed = timer()
    },
  })
  return { result, policy: await trainPolicyOnce(bench, result.kept) }
}

/** Seconds since now; null for what was read from the state, which says nothing of the time to go. */
function timer(): () => number | null {
  const started = performance.now()
  return () => {
    const seconds = (performance.now() - started) / 1000
    return seconds < 0.5 ? null : seconds
  }
}

await main().catch(reportFailure)
