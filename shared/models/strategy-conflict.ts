// Which version a strategy can go on from. Asked when a strategy is chosen, so that the caller hears it, and again when an
// update starts, because a rollback may have moved the head meanwhile.
import type { Manifest } from '../versions/manifest.ts'
import type { StrategyName } from './settings.ts'

/**
 * Why `strategy` cannot go on from a version of this manifest (null: the base), or null when it can. Replay starts from
 * the base every time; routed keeps the adapters it finds, if each is some document's alone or the only one; sequential
 * adds to a sum, which a routed version is not.
 */
export function strategyConflict(strategy: StrategyName, manifest: Manifest | null): string | null {
  if (manifest === null || strategy === 'replay') return null
  const { adapters, router } = manifest
  if (strategy === 'routed' && router === null && adapters.length > 1)
    return (
      `routed cannot go on from a sum of ${adapters.length} adapters: ` +
      'make it one by POST consolidate, or roll back to the base'
    )
  if (strategy === 'sequential' && router !== null && adapters.length > 1)
    return (
      'sequential cannot go on from a routed version, whose adapters were never meant to act together: ' +
      'make it one by POST consolidate, or roll back to the base'
    )
  return null
}

/** Why a version of this manifest cannot be made one adapter, or null when it can. */
export function consolidationConflict(manifest: Manifest | null): string | null {
  if (manifest === null || manifest.adapters.length === 0)
    return 'there is nothing to consolidate: the head is the base. Send a document first'
  if (manifest.adapters.length === 1 && manifest.router === null)
    return 'there is nothing to consolidate: the head is one adapter already'
  return null
}
