// Several adapters of a version made one: trained from the base on everything that was kept about its documents, to say
// what the adapters say. What routing never risked (one adapter's facts against another's) is risked here, and measured
// before it is promoted.
import type { Plan, PlanInput } from './strategy.ts'

export function planConsolidation({ parent, olderDocuments, settings }: PlanInput): Plan {
  const { genericShare } = settings.replay
  return {
    trainings: [
      {
        document: null,
        on: [],
        selfEditsOf: olderDocuments,
        share: genericShare === 0 ? null : { whole: olderDocuments, tokensMax: null, genericShare },
        teacher: parent,
      },
    ],
    kept: [],
    router: null,
  }
}
