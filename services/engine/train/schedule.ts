// The learning rate of each step: linear warm-up, then constant, linear or cosine down to zero.
import type { TrainingRecipe } from '../engine.ts'

/** `step` counts from 0; the last step of a falling schedule still has a rate above zero. */
export function learningRateAt(
  step: number,
  steps: number,
  recipe: Pick<TrainingRecipe, 'learningRate' | 'schedule' | 'warmupSteps'>,
): number {
  const { learningRate, schedule, warmupSteps } = recipe
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps)
  switch (schedule) {
    case 'constant':
      return learningRate
    case 'linear':
      return learningRate * (1 - progress)
    case 'cosine':
      return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress))
  }
}
