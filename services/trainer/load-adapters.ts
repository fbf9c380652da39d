// The adapters of a manifest from the object store, each verified by its hash. The candidate's own is in memory already.
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { scaleAdapter } from '../engine/adapter/adapter.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'

/** Key -> adapter at its manifest's scale; `known` are taken as they are. Throws `adapter_unavailable`. */
export async function loadAdapters(
  { store, engine }: { store: ObjectStore; engine: Pick<Engine, 'base'> },
  wanted: readonly ManifestAdapter[],
  known: ReadonlyMap<string, Adapter> = new Map(),
): Promise<Map<string, Adapter>> {
  const adapters = new Map<string, Adapter>()
  for (const entry of wanted) {
    const adapter = known.get(entry.key) ?? decodeAdapter(await getAdapter(store, entry), engine.base.config)
    adapters.set(entry.key, entry.scale === 1 ? adapter : scaleAdapter(adapter, entry.scale))
  }
  return adapters
}
