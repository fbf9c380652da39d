// A base written as a folder of Hugging Face's layout, for other software. Tensors are read, converted and written one after
// another and in steps, so that a base of many gigabytes needs the memory of its largest tensor alone.
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeFloats, layOutSafetensors } from '../formats/safetensors.ts'
import type { FloatDtype, SafetensorsLayout } from '../formats/safetensors.ts'
import type { BaseSource } from './base-source.ts'

export interface BaseExport {
  /** Of all files together. */
  bytes: number
  /** Fills a folder that is there; `onBytes` hears how many have been written. Throws for weights that the dtype cannot hold. */
  write(folder: string, onBytes?: (bytes: number) => void): Promise<void>
}

/** What transformers calls the dtypes in config.json. */
const TORCH_NAMES: Record<FloatDtype, string> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }
const METADATA = new Map([['format', 'pt']])
const STEP_NUMBERS = 8 * 2 ** 20

/** Lays the folder out. A tensor larger than `shardBytesMax` has a shard of its own. Writes nothing yet. */
export function planBaseExport(source: BaseSource, dtype: FloatDtype, shardBytesMax = 5e9): BaseExport {
  const shards = splitTensors(source, dtype, shardBytesMax)
  const texts = new Map(source.configFiles())
  texts.set('config.json', nameDtype(texts.get('config.json') ?? '{}', dtype))
  if (shards.length > 1) texts.set('model.safetensors.index.json', formatIndex(shards))
  const ofTexts = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return {
    bytes: shards.reduce((sum, { layout }) => sum + layout.header.length + layout.dataBytes, ofTexts),
    async write(folder, onBytes) {
      for (const [name, text] of texts) await writeFile(join(folder, name), text)
      let done = ofTexts
      for (const { file, layout } of shards)
        await writeShard(source, join(folder, file), layout, dtype, (bytes) => onBytes?.((done += bytes)))
    },
  }
}

interface Shard {
  file: string
  layout: SafetensorsLayout
}

function splitTensors(source: BaseSource, dtype: FloatDtype, shardBytesMax: number): Shard[] {
  const layOut = (shapes: Map<string, readonly number[]>) => layOutSafetensors(shapes, METADATA, dtype)
  const parts: Map<string, readonly number[]>[] = []
  let room = 0
  for (const name of source.tensorNames) {
    const shape = source.shapeOf(name) ?? []
    const { dataBytes } = layOut(new Map([[name, shape]]))
    if (parts.length === 0 || dataBytes > room) {
      parts.push(new Map())
      room = shardBytesMax
    }
    parts.at(-1)?.set(name, shape)
    room -= dataBytes
  }
  const five = (number: number) => String(number).padStart(5, '0')
  return parts.map((shapes, index) => ({
    file: parts.length === 1 ? 'model.safetensors' : `model-${five(index + 1)}-of-${five(parts.length)}.safetensors`,
    layout: layOut(shapes),
  }))
}

function formatIndex(shards: readonly Shard[]): string {
  const total_size = shards.reduce((sum, { layout }) => sum + layout.dataBytes, 0)
  const weight_map = Object.fromEntries(shards.flatMap(({ file, layout }) => layout.names.map((name) => [name, file])))
  return `${JSON.stringify({ metadata: { total_size }, weight_map }, null, 2)}\n`
}

/** `torch_dtype` is for transformers before 5. */
function nameDtype(config: string, dtype: FloatDtype): string {
  const name = TORCH_NAMES[dtype]
  return `${JSON.stringify({ ...(JSON.parse(config) as object), dtype: name, torch_dtype: name }, null, 2)}\n`
}

async function writeShard(
  source: BaseSource,
  path: string,
  { header, names }: SafetensorsLayout,
  dtype: FloatDtype,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const file = await open(path, 'wx')
  try {
    const append = async (bytes: Uint8Array) => {
      await file.appendFile(bytes)
      onBytes(bytes.length)
    }
    await append(header)
    for (const name of names) {
      const { data } = source.read(name)
      // From 65520 on a number rounds to the infinite half.
      if (dtype === 'F16' && data.some((x) => Math.abs(x) >= 65520))
        throw new Error(`${name} holds weights beyond float16's range; bfloat16 and float32 hold them`)
      for (let at = 0; at < data.length; at += STEP_NUMBERS)
        await append(encodeFloats(data.subarray(at, at + STEP_NUMBERS), dtype))
    }
  } finally {
    await file.close()
  }
}
