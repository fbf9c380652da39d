// Adapters from the object store, checked against their hash and against the base they shall run on, the recent ones
// kept in memory. The same adapter at the same scale is the same object, by which the engine and the queue tell batches
// apart.
import { scaleAdapter } from '../engine/adapter/adapter.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../../shared/errors.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { keepRecent } from './keep-recent.ts'

export type AdapterLoader = (entry: ManifestAdapter) => Promise<Adapter>

/** The loader throws `adapter_unavailable` when an adapter is missing, damaged, unreadable or of another base. */
export function createAdapterLoader(store: ObjectStore, base: Engine['base'], bytesMax: number): AdapterLoader {
  const recent = keepRecent<Adapter>(bytesMax, adapterBytes)
  return (entry) =>
    recent.get(`${entry.sha256} ${entry.scale}`, async () => {
      const adapter = decode(await getAdapter(store, entry), base, entry.key)
      return entry.scale === 1 ? adapter : scaleAdapter(adapter, entry.scale)
    })
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
