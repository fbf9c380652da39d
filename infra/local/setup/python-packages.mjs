// Python programs that tests run, each in a folder of the cache that nothing else imports from. `pip --target` rather than a
// virtual environment: it can be moved when it is complete, and Debian's Python comes without the module that makes
// environments.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeThenMove } from './cache.mjs'
import { adviseOn, PlainError } from './plain-error.mjs'
import { lastLines, runProgram } from './run-program.mjs'

/**
 * Installs pinned packages into `folder`, which then goes on PYTHONPATH. `trouble` is what to say when pip fails.
 * @param {{ title: string, folder: string, requirements: string[], trouble: string }} program
 * @returns {import('./steps.mjs').Step}
 */
export function pythonPackages({ title, folder, requirements, trouble }) {
  const record = join(folder, 'requirements.txt')
  return {
    title,
    isDone: async () => existsSync(record) && (await readFile(record, 'utf8')) === requirements.join('\n'),
    run: () =>
      makeThenMove(folder, async (making) => {
        const site = join(making, 'site')
        const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--target', site]
        const { code, output } = await runProgram('python3', ['-m', 'pip', 'install', ...options, ...requirements])
        if (code !== 0) throw new PlainError(`${adviseOn(output, trouble)}\n${lastLines(output)}`)
        await writeFile(join(site, 'requirements.txt'), requirements.join('\n'))
        return site
      }),
  }
}
