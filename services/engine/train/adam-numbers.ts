// The numbers of one optimiser step, as the programs are fed them.
import type { TrainingRecipe } from '../engine.ts'
import type { AdamScalars } from '../ops/ops.ts'
import { learningRateAt } from './schedule.ts'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

export type AdamNumbers = Record<keyof AdamScalars | 'clipNorm', number>

/** `step` counts from 0. */
export function adamNumbers(recipe: TrainingRecipe, step: number, steps: number): AdamNumbers {
  const learningRate = learningRateAt(step, steps, recipe)
  const beta2Power = BETA2 ** (step + 1)
  return {
    clipNorm: recipe.clipNorm > 0 ? recipe.clipNorm : 3e38,
    learningRate,
    decay: learningRate * recipe.weightDecay,
    beta1: BETA1,
    beta2: BETA2,
    epsilon: EPSILON * Math.sqrt(1 - beta2Power),
    beta1Power: BETA1 ** (step + 1),
    beta2Power,
  }
}

/** A step that changes neither weights nor moments, for an adapter that waits while others train. */
export const IDLE: AdamNumbers = {
  clipNorm: 3e38,
  learningRate: 0,
  decay: 0,
  beta1: 1,
  beta2: 1,
  epsilon: EPSILON,
  beta1Power: 0,
  beta2Power: 0,
}
