// A stored adapter, verified by its hash and fitted to the base that runs.
import { AppError } from '../../shared/errors.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { scaleAdapter } from '../engine/adapter/adapter.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine } from '../engine/engine.ts'

/** At its manifest's scale. Throws `adapter_unavailable`. */
export async function loadAdapter(
  { store, engine }: { store: ObjectStore; engine: Pick<Engine, 'base'> },
  entry: ManifestAdapter,
): Promise<Adapter> {
  const bytes = await getAdapter(store, entry)
  try {
    const adapter = decodeAdapter(bytes, engine.base.config)
    return entry.scale === 1 ? adapter : scaleAdapter(adapter, entry.scale)
  } catch (cause) {
    throw new AppError('adapter_unavailable', `The adapter ${entry.key} does not fit the base ${engine.base.id}.`, {
      cause,
    })
  }
}
