// What the image holds beside npm's packages: the page, TensorFlow for its device linked to Node, the libraries of CUDA
// where it computes on a GPU, and the embedded base. The steps are those of the setup on any machine.
import { join } from 'node:path'
import { baseModel } from '../local/setup/base-model.mjs'
import { cacheFolder } from '../local/setup/cache.mjs'
import { dashboard } from '../local/setup/dashboard.mjs'
import { PlainError } from '../local/setup/plain-error.mjs'
import { lastLines, runProgram } from '../local/setup/run-program.mjs'
import { runSteps } from '../local/setup/steps.mjs'
import { tensorflowDownload, tensorflowLink } from '../local/setup/tensorflow.mjs'

const repository = join(import.meta.dirname, '../..')
const [device] = process.argv.slice(2)
if (device !== 'cpu' && device !== 'gpu') throw new PlainError('usage: node infra/container/install.mjs cpu|gpu')

await runSteps([
  dashboard(),
  tensorflowDownload(device),
  tensorflowLink(repository, device),
  ...(device === 'gpu' ? [cudaLibraries()] : []),
  baseModel(),
])

/** @returns {import('../local/setup/steps.mjs').Step} */
function cudaLibraries() {
  return {
    title: 'the libraries of CUDA',
    isDone: async () => false,
    async run() {
      const list = join(import.meta.dirname, 'cuda-requirements.txt')
      const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check']
      const args = ['-m', 'pip', 'install', ...options, '--target', join(cacheFolder(), 'cuda'), '-r', list]
      const { code, output } = await runProgram('python3', args)
      if (code !== 0) throw new PlainError(`pip could not install the libraries of CUDA.\n${lastLines(output, 12)}`)
    },
  }
}
