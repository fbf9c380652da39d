// One fresh adapter per document on the frozen base; the router picks by question. No adapter ever touches another, so
// an update costs the same whether it is the first or the thousandth.
import { ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { Plan, PlanInput } from './strategy.ts'

/** A document learned anew replaces its adapter. */
export function planRouted({ parent, newDocuments }: PlanInput): Plan {
  const replaced = new Set<string | null>(newDocuments)
  return {
    trainings: newDocuments.map((document) => ({ document, from: null, selfEditsOf: [document] })),
    kept: (parent?.adapters ?? []).filter(({ document }) => !replaced.has(document)),
    router: { kind: 'bm25', ...(parent?.router ?? ROUTER_DEFAULTS) },
  }
}
