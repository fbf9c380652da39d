// One adapter, trained from the base on the stored self-edits of all documents within a budget of tokens. Nothing is
// carried over from the version before, so nothing wears out with the number of updates; what a document keeps is decided
// by its share of the budget.
import type { Plan, PlanInput } from './strategy.ts'

/** The newest document whole, the older ones evenly; with every document added each older one's share shrinks. */
export function planReplay({ newDocuments, olderDocuments, settings }: PlanInput): Plan {
  const { tokensMax, genericShare } = settings.replay
  const older = olderDocuments.filter((id) => !newDocuments.includes(id))
  return {
    trainings: [
      {
        document: null,
        on: [],
        selfEditsOf: [...newDocuments, ...older],
        share: { whole: newDocuments, tokensMax, genericShare },
        teacher: null,
      },
    ],
    kept: [],
    router: null,
  }
}
