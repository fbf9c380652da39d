// How knowledge is trained: LoRA on every linear layer (the MLP carries facts), a high rate and a few epochs. The budget is
// of trained tokens, so fewer epochs are more different rows; the rate makes up for the fewer steps. It is half as high
// again as the width asks for (1.3e-3 at 576: 5e-5 * 10 * (2000 / hidden)^0.78, "LoRA Without Regret").
import { LINEAR_NAMES } from '../engine/base/model-config.ts'
import type { TrainingRecipe } from '../engine/engine.ts'
import { OBJECTIVES } from './objective.ts'
import type { Objective } from './objective.ts'

export interface KnowledgeRecipe extends TrainingRecipe {
  objective: Objective
}

export const KNOWLEDGE_RECIPE: KnowledgeRecipe = {
  lora: { rank: 16, alpha: 16, targets: LINEAR_NAMES },
  epochs: 5,
  learningRate: 2e-3,
  schedule: 'linear',
  warmupSteps: 2,
  weightDecay: 0,
  clipNorm: 1,
  rowsPerStep: 8,
  tokensPerBatch: 1024,
  seed: 1,
  objective: OBJECTIVES.answers,
}
