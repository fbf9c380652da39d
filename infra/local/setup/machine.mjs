// What the machine must bring itself: Linux with glibc, Python 3 with pip, a C++ compiler, room on the disk. All
// that is missing is said at once, each with the command that installs it.
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { cacheFolder } from './cache.mjs'
import { PlainError } from './plain-error.mjs'
import { runProgram } from './run-program.mjs'

const gigabyte = 1e9
const freshInstallBytes = 3 * gigabyte // wheel .27, unpacked .9, packages .6, the rest for the database and adapters

/** The compiler to call, by CXX or the usual names; undefined where there is none. */
export async function findCompiler() {
  for (const name of [process.env.CXX, 'c++', 'g++', 'clang++']) {
    if (name && (await runProgram(name, ['--version'])).code === 0) return name
  }
  return undefined
}

/**
 * Throws a PlainError with everything that is missing.
 * @param {string} repository
 */
export async function checkMachine(repository) {
  const [compiler, python, pip] = await Promise.all([
    findCompiler(),
    runProgram('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']),
    runProgram('python3', ['-m', 'pip', '--version']),
  ])
  const missing = [
    ...checkPlatform(),
    ...(python.code === 0
      ? []
      : ['Python 3.8 or newer is missing: install it (Debian: "apt-get install python3 python3-pip").']),
    ...(python.code !== 0 || pip.code === 0
      ? []
      : ['Python has no pip: install it (Debian: "apt-get install python3-pip", elsewhere "python3 -m ensurepip").']),
    ...(compiler ? [] : ['A C++ compiler is missing: install one (Debian: "apt-get install g++").']),
    ...(await checkDisk(repository)),
    ...(await checkDisk(cacheFolder())),
  ]
  if (missing.length > 0) throw new PlainError([...new Set(missing)].join('\n'))
}

function checkPlatform() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    return [
      `Palimpsest runs on Linux (x64 or arm64), this is ${process.platform} ${process.arch}: use a Linux machine or a container.`,
    ]
  }
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  if (report.header.glibcVersionRuntime) return []
  return [
    'TensorFlow needs a Linux with glibc, this one has another C library (Alpine?): use a Debian-like machine or image.',
  ]
}

/** @param {string} folder */
async function checkDisk(folder) {
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const { bavail, bsize } = await statfs(existing)
  const free = bavail * bsize
  if (free >= freshInstallBytes) return []
  return [
    `Only ${(free / gigabyte).toFixed(1)} GB are free for ${folder}, ${freshInstallBytes / gigabyte} are needed: free some space` +
      ' (or set PALIMPSEST_CACHE to a folder on a larger disk).',
  ]
}
