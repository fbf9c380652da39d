// Runs every arm on every document with every seed, document by document, so that a run that is stopped halfway has
// compared all arms on half the documents. Each result is on disk before the next begins.
import { runArm, runKey, seedOf } from './arm.ts'
import type { Arm, LastLearned, Run } from './arm.ts'
import type { Bench } from './bench.ts'
import type { LineageBench } from './lineage.ts'
import type { BenchPassage } from './passages.ts'
import { createProgress } from './progress.ts'
import { keyOf } from './result-store.ts'
import type { ResultStore } from './result-store.ts'

/** All runs of one arm on one document, one a seed. */
export interface ArmResult {
  arm: Arm
  passage: BenchPassage
  runs: Run[]
}

export interface Plan {
  arms: readonly Arm[]
  passages: readonly BenchPassage[]
  seeds: number
}

export async function runArms(
  bench: LineageBench,
  store: ResultStore<Run>,
  { arms, passages, seeds }: Plan,
  say: (line: string) => void,
): Promise<void> {
  // Arms that ask the same adapter one after another, so that it is trained once.
  const order = [...new Set(arms.map(({ learning }) => keyOf(learning)))]
  const grouped = arms.toSorted((a, b) => order.indexOf(keyOf(a.learning)) - order.indexOf(keyOf(b.learning)))
  const items = passages.flatMap((passage) =>
    seedsUpTo(seeds).flatMap((seed) => grouped.map((arm) => ({ arm, passage, seed }))),
  )
  const keyed = items.map((item) => ({ ...item, key: runKey(bench.ground, item.arm, item.passage, item.seed) }))
  const waiting = [...new Map(keyed.map((item) => [item.key, item])).values()].filter(
    ({ key }) => store.find(key) === undefined,
  )
  const known = keyed.flatMap(({ arm, key }) => {
    const run = store.find(key)
    return run === undefined ? [] : [{ kind: arm.name, seconds: run.wallSeconds }]
  })
  const progress = createProgress(
    waiting.map(({ arm }) => arm.name),
    known,
  )
  if (known.length > 0) say(`${items.length - waiting.length} of ${items.length} results are there; going on`)
  const last: LastLearned = new Map()
  for (const { arm, passage, seed, key } of waiting) {
    const run = await runArm(bench, arm, passage, seed, last)
    store.append(key, run)
    const right = run.answers.filter(({ correct }) => correct).length
    const label = `${passage.id} ${arm.name}${seedOf(arm, seed) === null ? '' : ` seed ${seed}`}`
    const result = run.failed ?? `${right}/${run.answers.length} right, ${run.trainedTokens} tokens`
    say(`${progress.done(arm.name, run.wallSeconds)} ${label}: ${result}, ${run.wallSeconds.toFixed(0)} s`)
  }
}

/** What the store holds; a document counts for an arm once all its seeds are there. */
export function collectResults(
  ground: Bench['ground'],
  store: ResultStore<Run>,
  { arms, passages, seeds }: Plan,
): ArmResult[] {
  return passages.flatMap((passage) =>
    arms.flatMap((arm) => {
      const all = arm.learning === null ? [1] : seedsUpTo(seeds)
      const runs = all.flatMap((seed) => store.find(runKey(ground, arm, passage, seed)) ?? [])
      return runs.length === all.length ? [{ arm, passage, runs }] : []
    }),
  )
}

const seedsUpTo = (seeds: number): number[] => Array.from({ length: seeds }, (_, index) => index + 1)
