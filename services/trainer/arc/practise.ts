// A round of ReST-EM over tasks with known solutions: configurations are sampled from the policy, carried out, and those
// that solved their task are what the policy is fine-tuned on. The policy writes self-edits and nothing else; the model
// that solves tasks starts from the same weights in every round.
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { toTrainingExample } from '../../engine/ask.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import type { Engine, TrainingRecipe, TrainingResult } from '../../engine/engine.ts'
import { configurationMessages } from './ask-for-configuration.ts'
import { parseConfiguration } from './configuration.ts'
import type { Configuration, ConfigurationFault } from './configuration.ts'
import type { Task } from './task.ts'
import type { Try } from './try-configuration.ts'

export interface PracticeResult {
  /** Texts that the policy wrote. */
  sampled: number
  /** Of these, configurations. */
  valid: number
  solved: number
  /** Different ones that solved their task, by task. */
  kept: Kept[]
  faults: Partial<Record<ConfigurationFault, number>>
}

export interface Kept {
  task: Task
  text: string
}

export interface PracticeParts {
  sample: (task: Task) => Promise<string[]>
  attempt: (task: Task, configuration: Configuration) => Promise<Pick<Try, 'solved'>>
  /** After each task, with its own numbers. */
  onTask?: (task: Task, counts: { valid: number; solved: number }) => void
}

export async function practise(
  tasks: readonly Task[],
  { sample, attempt, onTask }: PracticeParts,
): Promise<PracticeResult> {
  const result: PracticeResult = { sampled: 0, valid: 0, solved: 0, kept: [], faults: {} }
  for (const task of tasks) {
    const solving = new Set<string>()
    const before = { valid: result.valid, solved: result.solved }
    for (const text of await sample(task)) {
      result.sampled++
      const configuration = parseConfiguration(text)
      if (typeof configuration === 'string') {
        result.faults[configuration] = (result.faults[configuration] ?? 0) + 1
        continue
      }
      result.valid++
      if (!(await attempt(task, configuration)).solved) continue
      result.solved++
      solving.add(text)
    }
    result.kept.push(...[...solving].map((text) => ({ task, text })))
    onTask?.(task, { valid: result.valid - before.valid, solved: result.solved - before.solved })
  }
  return result
}

/** SEAL's rank; the rate is ten times higher and the epochs are fewer, for a base an eighth as large (see recipe.ts). */
export const POLICY_RECIPE: TrainingRecipe = {
  lora: { rank: 16, alpha: 16, targets: LINEAR_NAMES },
  epochs: 4,
  learningRate: 5e-4,
  schedule: 'linear',
  warmupSteps: 2,
  weightDecay: 0,
  clipNorm: 1,
  rowsPerStep: 4,
  tokensPerBatch: 2048,
  seed: 1,
}

/** Goes on from the policy that wrote them. @throws RangeError when nothing was kept. */
export function trainPolicy(engine: Engine, policy: Adapter | null, kept: readonly Kept[]): Promise<TrainingResult> {
  const examples = kept.map(({ task, text }) =>
    toTrainingExample(engine, configurationMessages(task.demonstrations), text),
  )
  return engine.train(examples, POLICY_RECIPE, policy === null ? {} : { from: policy })
}
