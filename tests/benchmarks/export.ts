// `npm run check:export`: what `palimpsest export` writes, loaded by the programs it is for. The command runs as a shell runs
// it, the adapters come from a service over HTTP; tests/golden/check_export.py then does the loading and comparing.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { openBase } from '../../services/engine/base/open-base.ts'
import { baseModelOf } from '../../shared/config.ts'
import { startTaughtService } from '../support/taught-service.ts'
import { ensureReferences } from './engine/references.ts'

const help = `Usage: npm run check:export [-- FLAGS]

Exports the tiny bases, the embedded one and a version's adapters, and has transformers and PEFT compute the golden
numbers with them. They are installed into the download cache at the first run (6 GB, shared with bench:engine).

  --python FILE        a Python with the packages of tests/golden/README.md instead
  --llama-cpp FOLDER   a checkout of llama.cpp, whose convert_hf_to_gguf.py and convert_lora_to_gguf.py are tried too
                       (they want sentencepiece beside the other packages)
  --keep               leave what was exported, and say where
`

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    'llama-cpp': { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const golden = resolve(import.meta.dirname, '../golden')
const command = resolve(import.meta.dirname, '../../services/cli/palimpsest.mjs')
const tinies = ['llama-tied', 'llama3-untied', 'llama3-untied.Q8_0.gguf', 'qwen2', 'qwen3']

if (values.help) console.log(help)
else process.exitCode = await check()

async function check(): Promise<number> {
  const python = values.python ?? (await ensureReferences((line) => console.log(line))).python
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-check-export-'))
  try {
    for (const name of tinies) await exportBase(join(golden, 'models', name), join(folder, 'bases', baseName(name)))
    const embedded = baseModelOf({ ...process.env, BASE_MODEL: '' })
    if (existsSync(embedded)) await exportBase(embedded, join(folder, 'bases', 'smollm2-135m'))
    else console.log('the embedded base is left out: "npm run setup" fetches it')
    await exportAdapters(join(folder, 'adapters'))
    const llama = values['llama-cpp'] === undefined ? [] : ['--llama-cpp', resolve(values['llama-cpp'])]
    const child = spawn(python, [join(golden, 'check_export.py'), folder, ...llama], { stdio: 'inherit' })
    const [status] = (await once(child, 'close')) as [number | null]
    return status ?? 1
  } finally {
    if (values.keep) console.log(folder)
    else await rm(folder, { recursive: true, force: true })
  }
}

async function exportBase(base: string, out: string): Promise<void> {
  const { PATH } = process.env
  const env = { PATH, BASE_MODEL: base }
  await promisify(execFile)(process.execPath, [command, 'export', 'base', '--dtype', 'f32', '--out', out], { env })
}

function baseName(file: string): string {
  return file.replace(/\.gguf$/, '')
}

/** Two adapters of a routed version, the second at half its strength. */
async function exportAdapters(out: string): Promise<void> {
  const path = join(golden, 'models/llama-tied')
  const base = await openBase(path)
  const { id, sha256 } = base
  const adapter = encodeAdapter(readPeftFolder(join(path, 'adapter'), base.config), base)
  base.close()
  const lessons = [
    { about: 'Lantern Bridge', adapter, scale: 1 },
    { about: 'Copper Tower', adapter, scale: 0.5 },
  ]
  const service = await startTaughtService({ path, id, sha256 }, lessons, ['api'])
  try {
    const { PATH } = process.env
    const env = { PATH, PALIMPSEST_URL: service.url, PALIMPSEST_API_KEY: service.key }
    const args = ['export', '--model', 'default@champion', '--out', out]
    await promisify(execFile)(process.execPath, [command, ...args], { env })
  } finally {
    await service.stop()
  }
}
