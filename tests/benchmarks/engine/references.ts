// The references' Python environment, made by the benchmark itself in the download cache: pinned, made once, and gone
// on with where an installation was interrupted. llama.cpp is compiled for the processor it runs on, as its users do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../../infra/local/setup/cache.mjs'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'

export interface References {
  python: string
  /** Where converted GGUF files are kept. */
  folder: string
}

const requirements = join(import.meta.dirname, 'requirements.txt')

/** Makes the environment where it is missing or other versions are asked for now. Throws a PlainError. */
export async function ensureReferences(say: (line: string) => void): Promise<References> {
  const folder = join(cacheFolder(), 'engine-references')
  const python = join(folder, 'bin', 'python')
  const record = join(folder, 'installed.txt')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(record) && readFileSync(record, 'utf8') === wanted) return { python, folder }
  say(`installing the references into ${folder} (about 6 GB; compiling llama.cpp takes some minutes)`)
  if (!existsSync(python)) {
    const advice =
      'Python could not make an environment: install its venv module (Debian: "apt-get install python3-venv").'
    await runLoud('python3', ['-m', 'venv', folder], {}, advice)
  }
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', '-r', requirements]
  const build = { CMAKE_ARGS: '-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF', CMAKE_BUILD_PARALLEL_LEVEL: '2' }
  const advice = 'The references could not be installed, see above; --without-references measures the engine alone.'
  await runLoud(python, install, build, advice)
  writeFileSync(record, wanted)
  return { python, folder }
}

/** Runs a program whose output is the user's progress. */
async function runLoud(program: string, args: string[], env: NodeJS.ProcessEnv, advice: string): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] })
  const failure = once(child, 'error').then(([error]) => error as Error)
  const ending = once(child, 'close').then(([code]) => (code === 0 ? undefined : new Error(`exit ${String(code)}`)))
  const error = await Promise.race([failure, ending])
  if (error) throw new PlainError(`${advice} (${program}: ${error.message})`)
}
