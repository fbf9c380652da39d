// A real S3 server for the tests (ministack, a Python program), in a folder of the cache that nothing else imports
// from. Installed by `npm test` alone. `pip --target` rather than a virtual environment: it can be moved when it is
// complete, and Debian's Python comes without the module that makes environments.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, makeThenMove } from './cache.mjs'
import { adviseOn, PlainError } from './plain-error.mjs'
import { lastLines, runProgram } from './run-program.mjs'

const requirements = [
  'ministack==1.5.33',
  'botocore==1.43.106',
  'defusedxml==0.7.1',
  'graphql-core==3.2.12',
  'h11==0.16.0',
  'h2==4.4.1',
  'hpack==4.2.0',
  'hypercorn==0.18.0',
  'hyperframe==6.1.0',
  'jmespath==1.1.0',
  'jsonata-python==0.7.1',
  'priority==2.0.0',
  'python-dateutil==2.9.0.post0',
  'PyYAML==6.0.3',
  'six==1.17.0',
  'urllib3==2.8.0',
  'wsproto==1.3.2',
]

/** Folder to put on PYTHONPATH; `python3 -m ministack` runs the server. */
export function s3ServerFolder() {
  return join(cacheFolder(), 's3-server-1.5.33')
}

/** @returns {import('./steps.mjs').Step} */
export function s3TestServer() {
  const record = join(s3ServerFolder(), 'requirements.txt')
  return {
    title: 'S3 server for the tests',
    isDone: async () => existsSync(record) && (await readFile(record, 'utf8')) === requirements.join('\n'),
    run: () =>
      makeThenMove(s3ServerFolder(), async (folder) => {
        const site = join(folder, 'site')
        const args = [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--disable-pip-version-check',
          '--only-binary=:all:',
          '--target',
          site,
        ]
        const { code, output } = await runProgram('python3', [...args, ...requirements])
        if (code !== 0) {
          const advice = adviseOn(
            output,
            'The S3 server for the tests could not be installed (it needs Python 3.10 or newer): see the words below.',
          )
          throw new PlainError(`${advice}\n${lastLines(output)}`)
        }
        await writeFile(join(site, 'requirements.txt'), requirements.join('\n'))
        return site
      }),
  }
}
