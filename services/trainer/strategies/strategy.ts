// What changes a model: a pure plan. Given the parent version and the new documents it says which adapters are trained,
// from which start, on whose self-edits, and which stay; the recipe carries out any plan without knowing the strategy.
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'
import type { ModelSettings } from '../../../shared/models/model.ts'
import { planRouted } from './routed.ts'

export interface PlanInput {
  /** The manifest of the version that is built upon; null for the bare base. */
  parent: Manifest | null
  /** Ids of the documents to be learned. */
  newDocuments: readonly string[]
  /** Ids of the documents that the parent knows, oldest first. */
  olderDocuments: readonly string[]
}

export interface PlannedTraining {
  /** The document whose questions the adapter will answer; null for an adapter of several. */
  document: string | null
  /** A stored adapter to go on from; null for a fresh one. */
  from: ManifestAdapter | null
  /** Documents whose self-edits it is trained on, in this order. */
  selfEditsOf: readonly string[]
}

export interface Plan {
  trainings: readonly PlannedTraining[]
  /** Adapters of the parent that stay as they are. */
  kept: readonly ManifestAdapter[]
  /** How a question finds its adapter; null where there is one adapter for everything. */
  router: Manifest['router']
}

export type Strategy = (input: PlanInput) => Plan

/** The plan of a model's strategy. */
export const STRATEGY_PLANS: Record<ModelSettings['strategy'], Strategy> = { routed: planRouted }

/** The manifest that a carried-out plan results in; `trained` in the order of the plan's trainings. */
export function manifestOf(plan: Plan, base: Manifest['base'], trained: readonly ManifestAdapter[]): Manifest {
  return { base: { id: base.id, sha256: base.sha256 }, adapters: [...plan.kept, ...trained], router: plan.router }
}
