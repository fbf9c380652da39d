// The download cache, shared by all clones of a user. A thing is made in a folder or file beside its place and
// renamed into it when it is complete and verified, so whatever has its final name can be used.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** PALIMPSEST_CACHE, else palimpsest/ in XDG_CACHE_HOME or ~/.cache; absolute. */
export function cacheFolder() {
  const { PALIMPSEST_CACHE, XDG_CACHE_HOME } = process.env
  if (PALIMPSEST_CACHE) return resolve(PALIMPSEST_CACHE)
  return join(XDG_CACHE_HOME ? resolve(XDG_CACHE_HOME) : join(homedir(), '.cache'), 'palimpsest')
}

/**
 * @param {string} file
 * @returns {Promise<string>} hexadecimal
 */
export async function sha256OfFile(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/**
 * Whether a file is there with just this content; a truncated or altered one is not.
 * @param {string} file
 * @param {string} sha256
 */
export async function holdsContent(file, sha256) {
  return existsSync(file) && (await sha256OfFile(file)) === sha256
}

/**
 * Lets `make` fill an empty folder on the same disk as `target`, moves `result` of it to `target` and removes the rest.
 * A target of an earlier, spoilt make is replaced.
 * @param {string} target
 * @param {(folder: string) => Promise<string>} make returns the path of the complete file or folder
 */
export async function makeThenMove(target, make) {
  await mkdir(dirname(target), { recursive: true })
  await removeAbandoned(target)
  const folder = await mkdtemp(`${target}.part-`)
  try {
    const result = await make(folder)
    await rm(target, { recursive: true, force: true })
    await rename(result, target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const abandonedAfterMs = 60 * 60 * 1000

/**
 * Removes what interrupted makes left; one that was written to in the last hour may belong to another process.
 * @param {string} target
 */
async function removeAbandoned(target) {
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(`${basename(target)}.part-`)) continue
    const path = join(dirname(target), name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

/**
 * Bytes of all files under a folder, for progress; files that vanish meanwhile count nothing.
 * @param {string} folder
 * @returns {Promise<number>}
 */
export async function bytesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          (found) => found.size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
