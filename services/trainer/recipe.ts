// How knowledge is trained: LoRA on every linear layer (the MLP carries facts), a high rate and several epochs over few
// tokens. Rates follow the width: 1.3e-3 is right at 576 (5e-5 * 10 * (2000 / hidden)^0.78, "LoRA Without Regret").
import { LINEAR_NAMES } from '../engine/base/model-config.ts'
import type { TrainingRecipe } from '../engine/engine.ts'
import { OBJECTIVES } from './objective.ts'
import type { Objective } from './objective.ts'

export interface KnowledgeRecipe extends TrainingRecipe {
  objective: Objective
}

export const KNOWLEDGE_RECIPE: KnowledgeRecipe = {
  lora: { rank: 16, alpha: 16, targets: LINEAR_NAMES },
  epochs: 8,
  learningRate: 1.3e-3,
  schedule: 'linear',
  warmupSteps: 2,
  weightDecay: 0,
  clipNorm: 1,
  rowsPerStep: 8,
  tokensPerBatch: 1024,
  seed: 1,
  objective: OBJECTIVES.answers,
}
