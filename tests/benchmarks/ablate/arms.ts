// One factor at a time from the service's defaults. Every arm asks its adapter whatever a router would say, so that what
// differs is what was learned.
import { LINEAR_NAMES } from '../../../services/engine/base/model-config.ts'
import type { LinearName } from '../../../services/engine/base/model-config.ts'
import { OBJECTIVES } from '../../../services/trainer/objective.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import type { KnowledgeRecipe } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import type { StudySettings } from '../../../services/trainer/study/settings.ts'
import type { Arm } from '../learning/arm.ts'
import { SERVICE_LEARNING } from '../learning/learn-as-service.ts'
import type { Learning, Material } from '../learning/learn.ts'
import { keyOf } from '../learning/result-store.ts'

const { lora, epochs, learningRate, rowsPerStep, schedule } = KNOWLEDGE_RECIPE

function armOf(name: string, about: string, learning: Learning): Arm {
  return { name, about, learning, asking: 'closed_book' }
}

function withRecipe(name: string, about: string, change: Partial<KnowledgeRecipe>): Arm {
  return armOf(name, about, { ...SERVICE_LEARNING, recipe: { ...KNOWLEDGE_RECIPE, ...change } })
}

function withStudy(name: string, about: string, change: Partial<StudySettings>, more: Partial<Material> = {}): Arm {
  const material = { kind: 'own', study: { ...STUDY_SETTINGS, ...change }, ...more } as Material
  return armOf(name, about, { ...SERVICE_LEARNING, material })
}

/** Alpha keeps its ratio to the rank, so that the rank alone differs. */
const ranks = [4, 8, 16, 32].map((rank) =>
  withRecipe(`rank-${rank}`, `rank ${rank}, alpha / rank as it is`, {
    lora: { ...lora, rank, alpha: (lora.alpha / lora.rank) * rank },
  }),
)

const attention: LinearName[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj']
const layers = [
  { name: 'layers-qv', targets: ['q_proj', 'v_proj'] as LinearName[] },
  { name: 'layers-attention', targets: attention },
  { name: 'layers-mlp', targets: LINEAR_NAMES.filter((linear) => !attention.includes(linear)) },
].map(({ name, targets }) => withRecipe(name, `adapters on ${targets.join(', ')}`, { lora: { ...lora, targets } }))

const rates = [0.5, 2, 4].map((factor) =>
  withRecipe(`rate-x${factor}`, `${factor} times the learning rate`, { learningRate: factor * learningRate }),
)

/** The study keeps what the budget of trained tokens takes, so more epochs mean fewer different rows. */
const epochArms = [3, 5, 8, 12, 16]
  .filter((count) => count !== epochs)
  .map((count) => withRecipe(`epochs-${count}`, `${count} epochs, trained tokens as they are`, { epochs: count }))

const batches = [2, 4, 8, 16]
  .filter((rows) => rows !== rowsPerStep)
  .map((rows) => withRecipe(`batch-${rows}`, `${rows} rows a step`, { rowsPerStep: rows }))

const schedules = (['constant', 'linear', 'cosine'] as const)
  .filter((kind) => kind !== schedule)
  .map((kind) => withRecipe(`schedule-${kind}`, `${kind} schedule`, { schedule: kind }))

const objectives = Object.entries(OBJECTIVES)
  .filter(([, objective]) => keyOf(objective) !== keyOf(KNOWLEDGE_RECIPE.objective))
  .map(([name, objective]) =>
    withRecipe(`objective-${name}`, `rows held to ${JSON.stringify(objective)}`, { objective: { ...objective } }),
  )

const mixes: { name: string; shares: StudySettings['shares'] }[] = [
  { name: 'mix-pairs', shares: { question_answer: 1 } },
  { name: 'mix-pairs-cloze', shares: { question_answer: 0.6, cloze: 0.4 } },
  { name: 'mix-pairs-restatement', shares: { question_answer: 0.6, restatement: 0.4 } },
  { name: 'mix-pairs-rewrite', shares: { question_answer: 0.7, rewrite: 0.3 } },
  { name: 'mix-pairs-implication', shares: { question_answer: 0.7, implication: 0.15, implication_long: 0.15 } },
  {
    name: 'mix-all',
    shares: {
      ...{ question_answer: 0.4, rewrite: 0.1, implication: 0.1, implication_long: 0.1 },
      ...{ cloze: 0.15, restatement: 0.15 },
    },
  },
]

const budgets = [0.5, 2].map((factor) => {
  const { trainedTokens } = STUDY_SETTINGS
  const max = factor * trainedTokens.max
  return withStudy(`tokens-x${factor}`, `${factor} times the budget of trained tokens`, {
    trainedTokens: { ...trainedTokens, max, perPassage: factor * trainedTokens.perPassage },
  })
})

export const ABLATE_ARMS: readonly Arm[] = [
  { name: 'frozen', about: 'the base, closed-book', learning: null, asking: 'closed_book' },
  armOf('defaults', "the service's defaults", SERVICE_LEARNING),
  ...layers,
  ...ranks.filter(({ learning }) => learning?.recipe.lora.rank !== lora.rank),
  ...rates,
  ...epochArms,
  ...batches,
  ...schedules,
  ...objectives,
  ...budgets,
  withStudy('greedy-only', 'the first pass of the study alone', { passes: STUDY_SETTINGS.passes.slice(0, 1) }),
  ...mixes.map(({ name, shares }) => withStudy(name, `token shares ${JSON.stringify(shares)}`, { shares })),
  withStudy('no-filter', 'self-edits with a fault are trained too', {}, { unfiltered: true }),
  { name: 'open-book', about: 'the base with the passage in view', learning: null, asking: 'open_book' },
]
