// A self-edit carried out: the task's own lessons, trained as the configuration says. Rank, batch and limits are not the
// model's to choose, so that candidates differ in what they decide and in nothing else.
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import type { Engine, TrainingRecipe, TrainingResult } from '../../engine/engine.ts'
import { toolsOf } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import { createGridCoder, lessonExample } from './grid-tokens.ts'
import { makeLessons } from './leave-one-out.ts'
import type { Pair } from './task.ts'

export interface AdaptLimits {
  /** No grid has a longer side. */
  sideMax: number
  lessonsMax: number
  /** A configuration that asks for more is a failure. */
  stepsMax: number
  /** Over all epochs; lessons beyond it are left out. A configuration whose epochs leave room for none is a failure. */
  trainedTokensMax: number
}

/** SEAL's limits but the last, which is what two cores train in half a minute. */
export const ADAPT_LIMITS: AdaptLimits = { sideMax: 9, lessonsMax: 250, stepsMax: 375, trainedTokensMax: 6000 }

const ROWS_PER_STEP = 2

/** Of an adapter that starts from nothing. */
const LORA = { rank: 8, alpha: 16, targets: LINEAR_NAMES }

export type AdaptFault = 'too_many_steps' | 'too_many_tokens' | 'too_long'

export interface Adaptation {
  engine: Engine
  /** What is gone on from: the grid adapter of the base, null for a fresh one. */
  start: Adapter | null
  limits: AdaptLimits
}

/** Throws what the engine throws, e.g. that training diverged. */
export async function adapt(
  { engine, start, limits }: Adaptation,
  demonstrations: readonly Pair[],
  configuration: Configuration,
  seed: number,
): Promise<(TrainingResult & { lessons: number }) | AdaptFault> {
  const { strategy, learning_rate: learningRate, num_train_epochs: epochs } = configuration.training
  const coder = createGridCoder(engine)
  const loss = strategy === 'train_using_all_tokens' ? 'all' : 'output'
  const examples = makeLessons(demonstrations, { tools: toolsOf(configuration), sideMax: limits.sideMax, seed })
    .map((lesson) => lessonExample(coder, lesson, loss))
    .filter(({ tokens }) => tokens.length <= engine.base.config.positionsMax)
  if (examples.length === 0) return 'too_long'
  const kept = withinTokens(examples.slice(0, limits.lessonsMax), limits.trainedTokensMax / epochs)
  if (Math.ceil(kept.length / ROWS_PER_STEP) * epochs > limits.stepsMax) return 'too_many_steps'
  if (kept.length === 0) return 'too_many_tokens'
  const recipe: TrainingRecipe = {
    ...{ lora: start?.config ?? LORA, epochs, learningRate, seed },
    ...{ schedule: 'linear', warmupSteps: 0, weightDecay: 0, clipNorm: 1 },
    ...{ rowsPerStep: ROWS_PER_STEP, tokensPerBatch: 2048 },
  }
  const result = await engine.train(kept, recipe, start === null ? {} : { from: start })
  return { ...result, lessons: kept.length }
}

/** The first ones whose tokens fit. */
function withinTokens<T extends { tokens: readonly number[] }>(examples: readonly T[], tokensMax: number): T[] {
  let tokens = 0
  return examples.filter(({ tokens: own }) => (tokens += own.length) <= tokensMax)
}
