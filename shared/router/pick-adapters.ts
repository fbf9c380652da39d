// Which adapters of a version answer a question. Without a router all of them do, every question, as their sum: that is
// one adapter for everything, or those of a sequence in which each was trained on top of the ones before.
import { documentsOf } from '../versions/manifest.ts'
import type { Manifest, ManifestAdapter } from '../versions/manifest.ts'
import type { Router } from './router.ts'

/** Empty: the base alone. */
export function pickAdapters(manifest: Manifest | null, route: Router, question: string): readonly ManifestAdapter[] {
  if (!manifest) return []
  if (!manifest.router) return manifest.adapters
  const { documentId } = route(question)
  if (documentId === null) return []
  return manifest.adapters.filter((entry) => documentsOf(entry).includes(documentId)).slice(0, 1)
}
