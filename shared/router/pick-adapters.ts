// Which adapters of a version answer a question. Without a router all of them do, every question, as their sum: that is
// one adapter for everything, or those of a sequence in which each was trained on top of the ones before.
import { documentsOf } from '../versions/manifest.ts'
import type { Manifest, ManifestAdapter } from '../versions/manifest.ts'
import type { Router } from './router.ts'

/** A version as it answers. */
export interface RoutedVersion {
  /** Null for the base. */
  manifest: Manifest | null
  router: Router
}

/** Empty: the base alone. */
export function pickAdapters(manifest: Manifest | null, route: Router, question: string): readonly ManifestAdapter[] {
  if (!manifest) return []
  if (!manifest.router) return manifest.adapters
  const { documentId } = route(question)
  if (documentId === null) return []
  return manifest.adapters.filter((entry) => documentsOf(entry).includes(documentId)).slice(0, 1)
}

/** Equal for adapters that answer alike: the same ones at the same strength. */
export function adaptersKey(entries: readonly ManifestAdapter[]): string {
  return entries.map(({ key, scale }) => `${key}*${scale}`).join()
}

/** What the same adapters answer, in the order in which each group began: adapters are loaded once a group. */
export function groupByAdapters<T>(
  items: readonly T[],
  entriesOf: (item: T) => readonly ManifestAdapter[],
): { entries: readonly ManifestAdapter[]; items: T[] }[] {
  const groups = new Map<string, { entries: readonly ManifestAdapter[]; items: T[] }>()
  for (const item of items) {
    const entries = entriesOf(item)
    const group = groups.get(adaptersKey(entries)) ?? { entries, items: [] }
    group.items.push(item)
    groups.set(adaptersKey(entries), group)
  }
  return [...groups.values()]
}
