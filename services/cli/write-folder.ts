// A folder that is there whole or not at all: filled beside its place and moved there at the end. What is not finished is
// removed, also when the command is interrupted.
import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from './usage-error.ts'

export interface FolderOptions {
  overwrite: boolean
  /** How much it will hold, where that is known before. */
  bytes?: number
  /** Lies in a folder of this kind, and so tells that one may be replaced. */
  mark: string
}

/** Throws UsageError where the place is taken, and an Error that says so where the disk is full. */
export async function writeFolder(
  target: string,
  { overwrite, bytes = 0, mark }: FolderOptions,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await refuseTaken(target, overwrite, mark)
  const parent = dirname(resolve(target))
  await mkdir(parent, { recursive: true })
  const { bavail, bsize } = await statfs(parent)
  if (bytes > bavail * bsize)
    throw new Error(`${target} takes ${inMegabytes(bytes)}; ${inMegabytes(bavail * bsize)} are free on its disk.`)
  const partial = `${resolve(target)}.partial-${randomUUID().slice(0, 8)}`
  const interrupted = (signal: NodeJS.Signals) => {
    rmSync(partial, { recursive: true, force: true })
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    await mkdir(partial)
    await fill(partial)
    if (overwrite) await rm(target, { recursive: true, force: true })
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw new Error(`The disk became full while ${target} was written; nothing of it was kept.`, { cause: error })
    throw error
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
  }
}

export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

async function refuseTaken(target: string, overwrite: boolean, mark: string): Promise<void> {
  if (!existsSync(target)) return
  if (!overwrite)
    throw new UsageError(`${target} is there already; --overwrite replaces it, --out names another place.`)
  const names = await readdir(target).catch(() => undefined)
  if (names === undefined || (names.length > 0 && !existsSync(join(target, mark))))
    throw new UsageError(`${target} holds no ${mark}, so it is none of ours and is not replaced.`)
}
