// How a document leaves a version, by what the version is made of rather than by the strategy of today: adapters that a
// router picks from stand alone, so the document's own is simply left out; in a sum each was trained on top of those before
// it, so everything from the document on is trained again. Either way the result is what it would be had the document
// never come, as far as the stored self-edits tell.
import type { ModelSettings } from '../../../shared/models/settings.ts'
import { documentsOf, type Manifest, type ManifestAdapter } from '../../../shared/versions/manifest.ts'
import type { Plan, PlannedTraining } from './strategy.ts'

export interface ForgettingInput {
  parent: Manifest
  /** Ids of the documents to be taken out; at least one is in the parent. */
  forgotten: readonly string[]
  settings: ModelSettings
}

/** No training teaches from the parent: an adapter that knows the document would pass it on. */
export function planForgetting({ parent, forgotten, settings }: ForgettingInput): Plan {
  const { adapters, router } = parent
  const gone = new Set(forgotten)
  const isTouched = (entry: ManifestAdapter): boolean => documentsOf(entry).some((id) => gone.has(id))
  const first = adapters.findIndex(isTouched)
  const touched = router === null ? adapters.slice(first) : adapters.filter(isTouched)
  const kept = adapters.filter((entry) => !touched.includes(entry))
  const trainings = touched.flatMap((entry): PlannedTraining[] => {
    const left = documentsOf(entry).filter((id) => !gone.has(id))
    if (left.length === 0) return []
    return [
      {
        document: entry.document,
        on: router === null ? kept : [],
        onEarlier: router === null,
        selfEditsOf: left,
        share: entry.document === null ? shareOfSeveral(settings) : null,
        teacher: null,
      },
    ]
  })
  return { trainings, kept, router }
}

function shareOfSeveral({ strategy, replay }: ModelSettings): PlannedTraining['share'] {
  return { whole: [], tokensMax: strategy === 'replay' ? replay.tokensMax : null, genericShare: replay.genericShare }
}
