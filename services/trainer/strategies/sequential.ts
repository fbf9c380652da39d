// SEAL's own way (arXiv 2506.10943): train an adapter, merge it, go on from there. The merging is only for the training:
// the version lists its adapters, which act as their sum. It is the baseline that forgets. Listing every one for ever would
// cost: at fifty documents of the embedded base the sum has rank 800, 980 MB to load and 2.3 times the work of the base's
// layers on top of it; so eight are folded into one of four times the rank. Two folds over twelve passages of SQuAD lost
// .026 of the sum's norm.
import type { ManifestAdapter } from '../../../shared/versions/manifest.ts'
import type { Plan, PlanInput } from './strategy.ts'

/** At most so many times the recipe's rank act before the newest: 128 at rank 16, 156 MB of the embedded base. */
const RANKS_MAX = 8
const RANKS_FOLDED = 4

export function planSequential({ parent, newDocuments, settings }: PlanInput): Plan {
  const { genericShare } = settings.replay
  const before = parent?.adapters ?? []
  const [only = null, ...others] = newDocuments
  return {
    trainings: [
      {
        document: others.length === 0 ? only : null,
        on: before,
        selfEditsOf: newDocuments,
        share: genericShare === 0 ? null : { whole: newDocuments, tokensMax: null, genericShare },
        teacher: null,
      },
    ],
    kept: before,
    ...(ranksOf(before) >= RANKS_MAX ? { fold: { adapters: before, ranks: RANKS_FOLDED } } : {}),
    router: null,
  }
}

function ranksOf(adapters: readonly ManifestAdapter[]): number {
  return adapters.reduce((sum, { folded }) => sum + (folded === undefined ? 1 : RANKS_FOLDED), 0)
}
