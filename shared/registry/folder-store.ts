// A folder as the object store. A file is written under a temporary name, synced, and renamed into place: after a
// power cut it is there whole or not at all.
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { AppError } from '../errors.ts'
import { assertKey } from './object-key.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

/** No key begins with a dot, so this lies beside them and on the same disk, as renaming demands. */
const temporaryFolder = '.unfinished'
/** Longer than any write takes; what is older was left by a killed process. */
const abandonedSeconds = 3600

/** The folder is made on the first put. */
export function openFolderStore(path: string): ObjectStore {
  const root = resolve(path)
  const fileOf = (key: string): string => {
    assertKey(key)
    return join(root, ...key.split('/'))
  }
  let swept: Promise<void> | undefined

  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      const file = fileOf(key)
      const temporary = join(root, temporaryFolder, randomBytes(12).toString('hex'))
      try {
        await mkdir(dirname(temporary), { recursive: true })
        await (swept ??= sweepAbandoned(dirname(temporary)))
        const madeFolder = await mkdir(dirname(file), { recursive: true })
        await writeSynced(temporary, bytes)
        const written = ifAbsent ? await linkIfAbsent(temporary, file) : await replace(temporary, file)
        await syncFolders(dirname(file), madeFolder === undefined ? dirname(file) : dirname(madeFolder))
        return written
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw storeFailure(error, 'write', root)
      }
    },
    async get(key) {
      const file = fileOf(key)
      try {
        return await readFile(file)
      } catch (error) {
        if (isAbsent(error)) throw new AppError('not_found', `The store has no object ${key}.`, { cause: error })
        throw storeFailure(error, 'read', root)
      }
    },
    async has(key) {
      const file = fileOf(key)
      try {
        return (await stat(file)).isFile()
      } catch (error) {
        if (isAbsent(error)) return false
        throw storeFailure(error, 'read', root)
      }
    },
    async delete(key) {
      const file = fileOf(key)
      try {
        await rm(file)
      } catch (error) {
        if (!isAbsent(error)) throw storeFailure(error, 'delete from', root)
      }
    },
    async list(prefix) {
      try {
        const entries = await readdir(root, { recursive: true, withFileTypes: true })
        const keys = entries
          .filter((entry) => entry.isFile())
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter((key) => !key.startsWith(`${temporaryFolder}/`) && key.startsWith(prefix))
          .sort()
        const objects: StoredObject[] = []
        for (const key of keys) {
          // One that was deleted meanwhile is not there.
          const found = await stat(fileOf(key)).catch((error: unknown) => {
            if (!isAbsent(error)) throw error
          })
          if (found) objects.push({ key, bytes: found.size, modifiedAt: found.mtime })
        }
        return objects
      } catch (error) {
        if (isAbsent(error)) return []
        throw storeFailure(error, 'list', root)
      }
    },
  }
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o640)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function replace(temporary: string, file: string): Promise<true> {
  await rename(temporary, file)
  return true
}

/** A second name is the one way to move a file that never replaces another. */
async function linkIfAbsent(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    await rm(temporary, { force: true })
  }
}

/** The names are durable only when the folders that hold them are: `deepest` and its parents up to `highest`. */
async function syncFolders(deepest: string, highest: string): Promise<void> {
  for (let folder = deepest; ; folder = dirname(folder)) {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (folder === highest || folder === dirname(folder)) return
  }
}

async function sweepAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    const state = await stat(file).catch(() => undefined)
    if (state && Date.now() - state.mtimeMs > abandonedSeconds * 1000) await rm(file, { force: true })
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A folder where the key's file should be (`a` when `a/b` was put), or a file where its folder should be. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR'].includes(codeOf(error) ?? '')
}

const plainCauses: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: "the user's disk quota is used up; free some space",
  EACCES: 'this user may not do that there; change the owner or the permissions',
  EPERM: 'this user may not do that there; change the owner or the permissions',
  EROFS: 'the disk is mounted read-only',
  EIO: 'the disk reports an error',
  EMFILE: 'this process has too many files open',
}

function storeFailure(error: unknown, verb: string, root: string): AppError {
  const code = codeOf(error) ?? ''
  const detail = plainCauses[code] ?? (error instanceof Error ? error.message : String(error))
  return new AppError('store_failed', `Cannot ${verb} the object store ${root}: ${detail}.`, { cause: error })
}
