// The arms of bench:arc on one task. Each gives tries: one for the prompt alone, k for sampled self-edits (those that are no
// configuration are tries that failed), one a listed configuration.
import type { Configuration } from '../../../services/trainer/arc/configuration.ts'
import { parseConfiguration } from '../../../services/trainer/arc/configuration.ts'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { failedTry } from '../../../services/trainer/arc/try-configuration.ts'
import { sampleOnce, tryOnce, UNTRAINED_POLICY } from './arc-bench.ts'
import type { ArcBench, MeasuredTry, Policy } from './arc-bench.ts'

export const ARC_ARMS = {
  'in-context': 'the demonstrations in the prompt, nothing trained on the task',
  untrained: 'self-edits that the base writes',
  practised: 'self-edits that the base writes after practice',
  fixed: 'one self-edit for all tasks, the first of those that the oracle has',
  oracle:
    'the best of a list of self-edits, chosen by looking at the answer: an upper bound of choosing, not a way to solve',
} as const

export type ArcArm = keyof typeof ARC_ARMS

export interface ArmTries {
  arm: ArcArm
  task: Task
  tries: MeasuredTry[]
}

export interface ArmPlan {
  k: number
  seeds: number
  /** Null where practice kept nothing: the policy is what it was. */
  practised: Policy | null
}

const configuration = (
  tools: { basic?: true; size?: true; chain?: true; repeat?: true },
  training: Configuration['training'],
): Configuration => ({
  data_generation: {
    use_basic_augmentations: tools.basic ?? false,
    use_size_augmentations: tools.size ?? false,
    use_chain_augmentations: tools.chain ?? false,
    use_repeat_augmentations: tools.repeat ?? false,
  },
  training,
})

/** Set by hand before anything was measured on the tasks that are asked about. */
const LISTED: readonly Configuration[] = [
  configuration({ basic: true }, { strategy: 'train_using_all_tokens', learning_rate: 1e-3, num_train_epochs: 2 }),
  configuration({}, { strategy: 'train_using_output_tokens', learning_rate: 1e-3, num_train_epochs: 4 }),
  configuration(
    { basic: true, size: true, chain: true, repeat: true },
    { strategy: 'train_using_all_tokens', learning_rate: 5e-4, num_train_epochs: 1 },
  ),
]

export async function runArm(bench: ArcBench, arm: ArcArm, task: Task, plan: ArmPlan): Promise<ArmTries> {
  switch (arm) {
    case 'in-context':
      return { arm, task, tries: [await tryOnce(bench, task, null, 1)] }
    case 'untrained':
      return { arm, task, tries: await trySampled(bench, UNTRAINED_POLICY, task, plan) }
    case 'practised':
      return { arm, task, tries: await trySampled(bench, plan.practised ?? UNTRAINED_POLICY, task, plan) }
    case 'fixed':
      return { arm, task, tries: (await tryListed(bench, LISTED.slice(0, 1), task, plan)).flat() }
    case 'oracle':
      return { arm, task, tries: (await tryListed(bench, LISTED, task, plan)).flatMap(bestOf) }
  }
}

async function trySampled(bench: ArcBench, policy: Policy, task: Task, { k, seeds }: ArmPlan): Promise<MeasuredTry[]> {
  const tries: MeasuredTry[] = []
  for (let seed = 1; seed <= seeds; seed++)
    for (const text of await sampleOnce(bench, policy, task, { count: k, seed })) {
      const read = parseConfiguration(text)
      tries.push(
        typeof read === 'string'
          ? { ...failedTry(read), seconds: 0, load: 0, revision: bench.revision }
          : await tryOnce(bench, task, read, seed),
      )
    }
  return tries
}

/** By seed. */
async function tryListed(
  bench: ArcBench,
  listed: readonly Configuration[],
  task: Task,
  { seeds }: ArmPlan,
): Promise<MeasuredTry[][]> {
  const all: MeasuredTry[][] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const tries: MeasuredTry[] = []
    for (const one of listed) tries.push(await tryOnce(bench, task, one, seed))
    all.push(tries)
  }
  return all
}

function bestOf(tries: readonly MeasuredTry[]): MeasuredTry[] {
  const [best] = tries.toSorted((a, b) => Number(b.solved) - Number(a.solved) || b.cells - a.cells)
  return best === undefined ? [] : [best]
}
