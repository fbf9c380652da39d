// Stored adapters, verified by their hash and fitted to the base that runs; several become one that acts as their sum.
import { AppError } from '../../shared/errors.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { scaleAdapter } from '../engine/adapter/adapter.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { combineAdapters } from '../engine/adapter/combine.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'

interface LoadParts {
  store: ObjectStore
  engine: Pick<Engine, 'base'>
  /** Adapters in memory already, by key and at scale 1: the ones just trained. */
  trained?: ReadonlyMap<string, Adapter>
}

/** Null for no entries. Throws `adapter_unavailable`. */
export async function loadSum(parts: LoadParts, entries: readonly ManifestAdapter[]): Promise<Adapter | null> {
  const adapters: Adapter[] = []
  for (const entry of entries) adapters.push(await loadAdapter(parts, entry))
  return adapters.length === 0 ? null : combineAdapters(parts.engine.base.config, adapters)
}

/** At its manifest's scale. Throws `adapter_unavailable`. */
export async function loadAdapter(parts: LoadParts, entry: ManifestAdapter): Promise<Adapter> {
  const adapter = parts.trained?.get(entry.key) ?? (await readAdapter(parts, entry))
  return entry.scale === 1 ? adapter : scaleAdapter(adapter, entry.scale)
}

async function readAdapter({ store, engine }: LoadParts, entry: ManifestAdapter): Promise<Adapter> {
  const bytes = await getAdapter(store, entry)
  try {
    return decodeAdapter(bytes, engine.base.config)
  } catch (cause) {
    throw new AppError('adapter_unavailable', `The adapter ${entry.key} does not fit the base ${engine.base.id}.`, {
      cause,
    })
  }
}
