// One fresh adapter per document on the frozen base; the router picks by question. No adapter ever touches another, so
// an update costs the same whether it is the first or the thousandth. A version keeps the router's settings it was measured
// with; the next one takes those of today, or a model would never get a better rule.
import { ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { ManifestAdapter } from '../../../shared/versions/manifest.ts'
import type { Plan, PlanInput } from './strategy.ts'

/** A document learned anew replaces its adapter; one of several documents goes on answering for the others. */
export function planRouted({ parent, newDocuments, settings }: PlanInput): Plan {
  const replaced = new Set(newDocuments)
  const { margin, scoreMin, evidenceMin } = settings.router
  return {
    trainings: newDocuments.map((document) => ({
      document,
      on: [],
      selfEditsOf: [document],
      share: null,
      teacher: null,
    })),
    kept: (parent?.adapters ?? []).flatMap((entry) => withoutDocuments(entry, replaced)),
    router: {
      kind: 'bm25',
      margin: margin ?? ROUTER_DEFAULTS.margin,
      scoreMin: scoreMin ?? ROUTER_DEFAULTS.scoreMin,
      evidenceMin: evidenceMin ?? ROUTER_DEFAULTS.evidenceMin,
    },
  }
}

function withoutDocuments(entry: ManifestAdapter, replaced: ReadonlySet<string>): ManifestAdapter[] {
  if (entry.document !== null) return replaced.has(entry.document) ? [] : [entry]
  const documents = (entry.documents ?? []).filter((id) => !replaced.has(id))
  return documents.length === 0 ? [] : [{ ...entry, documents }]
}
