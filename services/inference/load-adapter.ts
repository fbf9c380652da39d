// Adapters from the object store, checked against their hash and against the base they shall run on, the recent ones
// kept in memory. The same adapters at the same scales are the same object, by which the engine tells batches
// apart; several are kept as the one that acts as their sum.
import { scaleAdapter } from '../engine/adapter/adapter.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { combineAdapters } from '../engine/adapter/combine.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { keepRecent } from './keep-recent.ts'

/** Null for no entries: the base. */
export type AdapterLoader = (entries: readonly ManifestAdapter[]) => Promise<Adapter | null>

/** The loader throws `adapter_unavailable` when an adapter is missing, damaged, unreadable or of another base. */
export function createAdapterLoader(store: ObjectStore, base: Engine['base'], bytesMax: number): AdapterLoader {
  const recent = keepRecent<Adapter>(bytesMax, adapterBytes)
  const load = async (entry: ManifestAdapter): Promise<Adapter> => {
    const adapter = decode(await getAdapter(store, entry), base, entry.key)
    return entry.scale === 1 ? adapter : scaleAdapter(adapter, entry.scale)
  }
  return async (entries) => {
    if (entries.length === 0) return null
    const key = entries.map(({ sha256, scale }) => `${sha256} ${scale}`).join()
    return await recent.get(key, async () => combineAdapters(base.config, await Promise.all(entries.map(load))))
  }
}

function decode(bytes: Uint8Array, base: Engine['base'], key: string): Adapter {
  try {
    return decodeAdapter(bytes, base.config)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('adapter_unavailable', `The adapter ${key} cannot be applied: ${why}.`, { cause })
  }
}

function adapterBytes(adapter: Adapter): number {
  return [...adapter.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
}
