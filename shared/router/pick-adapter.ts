// Which adapter of a version answers a question. Without a router a version is one adapter, for every question.
import { AppError } from '../errors.ts'
import type { Manifest, ManifestAdapter } from '../versions/manifest.ts'
import type { Router } from './router.ts'

/** Null: the base alone. Throws `adapter_unavailable` when the manifest leaves open which of several it is. */
export function pickAdapter(manifest: Manifest | null, route: Router, question: string): ManifestAdapter | null {
  if (!manifest) return null
  if (manifest.router) {
    const { documentId } = route(question)
    return manifest.adapters.find(({ document }) => document !== null && document === documentId) ?? null
  }
  if (manifest.adapters.length > 1)
    throw new AppError('adapter_unavailable', 'the version has several adapters and no router to choose by')
  return manifest.adapters[0] ?? null
}
