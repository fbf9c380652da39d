// Adapters on disk, in PEFT's layout. One object holds everything: a safetensors file whose `__metadata__` carries
// the text of adapter_config.json, so that an adapter has one hash and cannot be parted from its alpha. PEFT and vLLM
// read the same bytes as adapter_model.safetensors.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostTensor } from '../base/base-source.ts'
import { LINEAR_NAMES } from '../base/model-config.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { canReadDtype, parseSafetensors, writeSafetensors } from '../formats/safetensors.ts'
import { adapterShapes } from './adapter.ts'
import type { Adapter } from './adapter.ts'
import { formatPeftConfig, parsePeftConfig } from './peft-config.ts'

const CONFIG_FILE = 'adapter_config.json'
const WEIGHTS_FILE = 'adapter_model.safetensors'

/** The base an adapter belongs to, kept beside its weights. */
export interface AdapterBase {
  id: string
  sha256: string
}

/**
 * One safetensors object; equal adapters give equal bytes. F16 halves it and rounds to 11 bits. Throws when a weight is
 * not finite.
 */
export function encodeAdapter(adapter: Adapter, base: AdapterBase, dtype: 'F32' | 'F16' = 'F32'): Uint8Array {
  // From 65520 on a number rounds to the infinite half.
  const limit = dtype === 'F16' ? 65520 : Infinity
  const named = new Map<string, HostTensor>()
  for (const [name, tensor] of adapter.tensors) {
    if (!tensor.data.every((x) => Math.abs(x) < limit)) throw new Error(`${name} holds a weight that is not finite`)
    named.set(`base_model.model.${name}.weight`, tensor)
  }
  const config = formatPeftConfig(adapter.config, base.id)
  return writeSafetensors(
    named,
    new Map([
      ['adapter_config', config],
      ['base_sha256', base.sha256],
      ['format', 'pt'],
    ]),
    dtype,
  )
}

/** The adapter in such an object. Throws, naming everything missing, misshapen or not supported. */
export function decodeAdapter(bytes: Uint8Array, model: ModelConfig): Adapter {
  return toAdapter(getConfig(bytes), bytes, model, 'the adapter')
}

/** Both files of a PEFT folder, from such an object. */
export function peftFiles(bytes: Uint8Array): { [CONFIG_FILE]: string; [WEIGHTS_FILE]: Uint8Array } {
  return { [CONFIG_FILE]: getConfig(bytes), [WEIGHTS_FILE]: bytes }
}

/** Writes a folder that `PeftModel.from_pretrained` loads. */
export function writePeftFolder(folder: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(peftFiles(bytes))) writeFileSync(join(folder, name), content)
}

/** An adapter saved by PEFT or by us. Throws as decodeAdapter does, and when a file is missing. */
export function readPeftFolder(folder: string, model: ModelConfig): Adapter {
  for (const name of [CONFIG_FILE, WEIGHTS_FILE])
    if (!existsSync(join(folder, name))) throw new Error(`${folder} is not a PEFT adapter: ${name} is missing`)
  const config = readFileSync(join(folder, CONFIG_FILE), 'utf8')
  return toAdapter(config, readFileSync(join(folder, WEIGHTS_FILE)), model, folder)
}

function getConfig(bytes: Uint8Array): string {
  const config = parseSafetensors(bytes, 'the adapter').metadata.get('adapter_config')
  if (config === undefined) throw new Error('the adapter carries no adapter_config in its metadata')
  return config
}

/**
 * Which layers are adapted is told by the tensors themselves: `target_modules` may be a list, a pattern or
 * `all-linear`, and only the tensors say what it matched.
 */
function toAdapter(configText: string, bytes: Uint8Array, model: ModelConfig, source: string): Adapter {
  const { rank, alpha } = parsePeftConfig(configText, source)
  const file = parseSafetensors(bytes, source)
  const names = new Map([...file.tensors.keys()].map((name) => [ourName(name), name]))
  const targets = LINEAR_NAMES.filter((linear) => [...names.keys()].some((name) => name.includes(`.${linear}.lora_`)))
  const config = { rank, alpha, targets }
  const wanted = adapterShapes(model, config)
  const problems = [...names.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} is not supported`)
  for (const [name, shape] of wanted) {
    const entry = file.tensors.get(names.get(name) ?? '')
    if (!entry) problems.push(`${name} is missing`)
    else if (!canReadDtype(entry.dtype)) problems.push(`${name} has the unsupported dtype ${entry.dtype}`)
    else if (entry.shape.join() !== shape.join())
      problems.push(`${name} is [${entry.shape.join(', ')}], should be [${shape.join(', ')}]`)
  }
  if (targets.length === 0) problems.push('no LoRA tensor of a known linear layer')
  if (problems.length > 0) throw new Error(`${source} does not fit the base: ${listed(problems)}`)
  const tensors = new Map([...wanted.keys()].map((name) => [name, file.read(names.get(name) ?? name)]))
  return { config, tensors }
}

function ourName(name: string): string {
  return name.replace(/^base_model\.model\./, '').replace(/(\.default)?\.weight$/, '')
}

function listed(problems: readonly string[]): string {
  const rest = problems.length > 10 ? [`and ${problems.length - 10} more`] : []
  return [...problems.slice(0, 10), ...rest].join('; ')
}
