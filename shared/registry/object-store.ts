// Where adapters lie: one interface, a folder (local) or a bucket (S3). Keys of adapters hold the hash of what they name
// and are written once (`ifAbsent`); there are no versions and no locks here, the pointer to the head is the database's.
// tests/shared/registry/object-store.test.ts is the contract that both implementations keep.
import type { ObjectStoreConfig } from '../config.ts'
import { openFolderStore } from './folder-store.ts'
import { openS3Store } from './s3-store.ts'

/** Keys: see object-key.ts. Everything throws AppError store_failed when the store cannot be reached or refuses. */
export interface ObjectStore {
  /**
   * Durable and whole when it resolves; a reader sees the old bytes or the new ones, never a part. With `ifAbsent` what is
   * there already stays as it is, and the answer is false.
   */
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean>
  /** Throws not_found. */
  get(key: string): Promise<Uint8Array>
  has(key: string): Promise<boolean>
  /** What is not there is not missed. */
  delete(key: string): Promise<void>
  /** All objects whose key begins with `prefix` (of characters, not of folders), in the order of the keys' bytes. */
  list(prefix: string): Promise<StoredObject[]>
  /** An address at which anybody can put exactly this object for so long. Absent where there is no way in from outside. */
  presignPut?(key: string, options: { bytes: number; seconds: number }): Promise<PresignedPut>
}

export interface StoredObject {
  key: string
  bytes: number
  /** When it was put last. */
  modifiedAt: Date
}

export interface PutOptions {
  ifAbsent?: boolean
}

/** A request that puts one object, once signed by whoever may. */
export interface PresignedPut {
  url: string
  /** To be sent with it, as they are signed. */
  headers: Record<string, string>
}

export function openObjectStore(config: ObjectStoreConfig): ObjectStore {
  return config.kind === 'folder' ? openFolderStore(config.path) : openS3Store(config)
}
