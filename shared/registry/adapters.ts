// Adapters by content: the key holds the hash, so the same bytes are the same object, putting twice is harmless, and
// whoever reads checks what came against what the manifest says.
import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { ObjectStore } from './object-store.ts'

export interface StoredAdapter {
  /** `adapters/<sha256>.safetensors` */
  key: string
  /** Lowercase hex. */
  sha256: string
}

/**
 * Stores the bytes and reads them back: a few MB, once per update, so that no version is ever promoted on an adapter
 * that cannot be read. One that is there already is left alone, and written anew when it is damaged. Throws store_failed.
 */
export async function putAdapter(store: ObjectStore, bytes: Uint8Array): Promise<StoredAdapter> {
  const sha256 = hashOf(bytes)
  const adapter = { key: `adapters/${sha256}.safetensors`, sha256 }
  for (const ifAbsent of [true, false]) {
    await store.put(adapter.key, bytes, { ifAbsent })
    if (await holds(store, adapter)) return adapter
  }
  throw new AppError('store_failed', `The object store took ${adapter.key} but does not give the same bytes back.`)
}

/** Bytes that were changed on their way come right the next time; those that lie there changed do not. */
const readsMax = 3

/** The verified bytes. Throws adapter_unavailable when they are missing, damaged or out of reach. */
export async function getAdapter(store: ObjectStore, { key, sha256 }: StoredAdapter): Promise<Uint8Array> {
  let found = ''
  for (let read = 1; read <= readsMax; read++) {
    const bytes = await store.get(key).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      throw new AppError('adapter_unavailable', `The adapter ${key} cannot be read. ${detail}`, { cause: error })
    })
    found = hashOf(bytes)
    if (found === sha256) return bytes
  }
  throw new AppError('adapter_unavailable', `The adapter ${key} is damaged: its sha256 is ${found}, not ${sha256}.`)
}

async function holds(store: ObjectStore, { key, sha256 }: StoredAdapter): Promise<boolean> {
  try {
    return hashOf(await store.get(key)) === sha256
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return false
    throw error
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
