// The stand-in for vLLM keeps what was recorded of vLLM; `npm run check:vllm` holds vLLM against the same list.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, test } from 'vitest'
import { scaleAdapter, type Adapter } from '../../services/engine/adapter/adapter.ts'
import { encodeAdapter, readPeftFolder, writePeftFolder } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import { loraPromises } from '../support/lora-calls.ts'
import { startLoraServer } from '../support/lora-server.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const engine = await createEngine({ base: tinyBase })
const server = await startLoraServer(engine)
const folder = await mkdtemp(join(tmpdir(), 'palimpsest-lora-'))
afterAll(async () => {
  await server.stop()
  engine.close()
  await rm(folder, { recursive: true })
})

const golden = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
const tooLarge = newAdapter(engine.base.config, { rank: 64, alpha: 64, targets: ['q_proj'] }, 1)
function write(name: string, adapter: Adapter): string {
  writePeftFolder(join(folder, name), encodeAdapter(adapter, engine.base))
  return join(folder, name)
}
const folders = {
  first: write('first', golden),
  second: write('second', scaleAdapter(golden, 3)),
  tooLarge: write('too-large', tooLarge),
}
const calls = { url: server.url, model: 'base', folders, prompt: [5, 9, 17, 3] }

for (const [name, prove] of loraPromises(calls)) test(name, prove)
