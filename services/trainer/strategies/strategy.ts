// What changes a model: a pure plan. Given the parent version and the new documents it says which adapters are trained,
// from which start, on whose self-edits, and which stay; the recipe carries out any plan without knowing the strategy.
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'
import type { ModelSettings, StrategyName } from '../../../shared/models/settings.ts'
import { planReplay } from './replay.ts'
import { planRouted } from './routed.ts'
import { planSequential } from './sequential.ts'

export interface PlanInput {
  /** The manifest of the version that is built upon; null for the bare base. */
  parent: Manifest | null
  /** Ids of the documents to be learned. */
  newDocuments: readonly string[]
  /** Ids of the documents that the parent knows, oldest first. */
  olderDocuments: readonly string[]
  settings: ModelSettings
}

export interface PlannedTraining {
  /** The document whose questions the adapter will answer; null for an adapter of several. */
  document: string | null
  /** Adapters that are merged into the base while this one is trained. */
  on: readonly ManifestAdapter[]
  /** The adapters of the plan's earlier trainings are merged in too. */
  onEarlier?: boolean
  /** Documents whose self-edits it is trained on, those that matter most first. */
  selfEditsOf: readonly string[]
  /** How much of them; null: all. */
  share: TrainingShare | null
  /** A version whose answers are matched, beside the self-edits themselves; null: the self-edits alone. */
  teacher: Manifest | null
}

export interface TrainingShare {
  /** Of `selfEditsOf`, these come whole before the others share what is left. */
  whole: readonly string[]
  /** Tokens of the training, all epochs together; null: no limit. */
  tokensMax: number | null
  /** Of the tokens, the share that is general questions, answered by what is trained upon. */
  genericShare: number
}

export interface Plan {
  trainings: readonly PlannedTraining[]
  /** Adapters of the parent that stay as they are. */
  kept: readonly ManifestAdapter[]
  /** Some of those become one first, of at most `ranks` times the recipe's rank (fold-adapters.ts). */
  fold?: { adapters: readonly ManifestAdapter[]; ranks: number } | undefined
  /** How a question finds its adapter; null where all adapters answer everything, as their sum. */
  router: Manifest['router']
}

export type Strategy = (input: PlanInput) => Plan

/** The plan of a model's strategy. */
export const STRATEGY_PLANS: Record<StrategyName, Strategy> = {
  routed: planRouted,
  replay: planReplay,
  sequential: planSequential,
}

/** The manifest that a carried-out plan results in; `trained` in the order of the plan's trainings. */
export function manifestOf(plan: Plan, base: Manifest['base'], trained: readonly ManifestAdapter[]): Manifest {
  return { base: { id: base.id, sha256: base.sha256 }, adapters: [...plan.kept, ...trained], router: plan.router }
}
