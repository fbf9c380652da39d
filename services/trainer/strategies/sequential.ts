// SEAL's own way (arXiv 2506.10943): train an adapter, merge it, go on from there. The merging is only for the training:
// the version lists all adapters, which act as their sum, so every step can be taken back. It is the baseline that forgets.
import type { Plan, PlanInput } from './strategy.ts'

export function planSequential({ parent, newDocuments }: PlanInput): Plan {
  const before = parent?.adapters ?? []
  const [only = null, ...others] = newDocuments
  return {
    trainings: [
      {
        document: others.length === 0 ? only : null,
        on: before,
        selfEditsOf: newDocuments,
        share: null,
        teacher: null,
      },
    ],
    kept: before,
    router: null,
  }
}
