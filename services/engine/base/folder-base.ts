// A base in a folder of Hugging Face's layout: config.json, model.safetensors or shards listed by an index,
// tokenizer.json. Shards are opened once and read tensor by tensor.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { canReadDtype, openSafetensors } from '../formats/safetensors.ts'
import type { Safetensors } from '../formats/safetensors.ts'
import { sha256OfFile } from '../formats/sha256.ts'
import { openFolderTokenizer } from '../tokenizer/folder-tokenizer.ts'
import type { BaseSource } from './base-source.ts'
import { checkTensors } from './check-tensors.ts'
import { folderConfig } from './folder-config.ts'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'
/** What belongs to a base beside its weights. */
const TEXTS = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
  ...['special_tokens_map.json', 'added_tokens.json', 'chat_template.jinja'],
]

/** Opens a folder; `id` is how it is called, by default the folder's name. Throws, naming everything that is wrong. */
export function openFolderBase(folder: string, id = basename(resolve(folder))): BaseSource {
  const config = folderConfig(readJson(join(folder, 'config.json')))
  const shardNames = listShards(folder)
  const { tokenizer, chatTemplate } = openFolderTokenizer(folder)
  const shards: Safetensors[] = []
  const close = () => shards.forEach((shard) => shard.close())
  try {
    for (const name of shardNames) shards.push(openSafetensors(join(folder, name)))
    const homes = new Map(shards.flatMap((shard) => [...shard.tensors.keys()].map((name) => [name, shard] as const)))
    // Old checkpoints carry rope's frequencies; they follow from the config. A tied head may be written out as well.
    for (const name of [...homes.keys()])
      if (name.endsWith('.rotary_emb.inv_freq') || (config.tiedEmbeddings && name === 'lm_head.weight'))
        homes.delete(name)
    const entries = [...homes].map(([name, shard]) => [name, shard.tensors.get(name)] as const)
    const shapes = new Map(entries.map(([name, entry]) => [name, entry?.shape ?? []]))
    const unread = entries.flatMap(([name, entry]) =>
      entry && canReadDtype(entry.dtype) ? [] : [`${name} has the unsupported dtype ${entry?.dtype}`],
    )
    checkTensors(folder, config, shapes, unread)
    let sha256: string | undefined
    return {
      id,
      get sha256() {
        return (sha256 ??= hashShards(folder, shardNames))
      },
      config,
      tokenizer,
      chatTemplate,
      tensorNames: [...homes.keys()],
      shapeOf: (name) => shapes.get(name),
      configFiles: () => readTexts(folder),
      read: (name) => {
        const shard = homes.get(name)
        if (!shard) throw new Error(`${folder} has no tensor ${name}`)
        return shard.read(name)
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

function readTexts(folder: string): Map<string, string> {
  const names = TEXTS.filter((name) => existsSync(join(folder, name)))
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

function listShards(folder: string): string[] {
  if (existsSync(join(folder, SINGLE))) return [SINGLE]
  if (!existsSync(join(folder, INDEX))) throw new Error(`${folder} holds neither ${SINGLE} nor ${INDEX}`)
  const { weight_map } = readJson(join(folder, INDEX)) as { weight_map?: Record<string, string> }
  const names = [...new Set(Object.values(weight_map ?? {}))].sort()
  const missing = names.filter((name) => !existsSync(join(folder, name)))
  if (names.length === 0) throw new Error(`${INDEX} lists no shards`)
  if (missing.length > 0) throw new Error(`${folder} lacks shards listed by its index: ${missing.join(', ')}`)
  return names
}

/** One file: its own hash. Shards: the hash of their sorted hashes, so that renumbering alone changes nothing. */
function hashShards(folder: string, names: readonly string[]): string {
  const hashes = names.map((name) => sha256OfFile(join(folder, name))).sort()
  const [only] = hashes
  return hashes.length === 1 && only ? only : createHash('sha256').update(hashes.join('\n')).digest('hex')
}

function readJson(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new Error(`${path} is missing`)
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  } catch (cause) {
    throw new Error(`${path} is not JSON`, { cause })
  }
}
