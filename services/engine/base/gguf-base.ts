// A base in a GGUF file, in Hugging Face's terms: names mapped, config from metadata, and q/k rows of Llama files
// put back in their places (llama.cpp interleaves the two rope halves of each head when it converts; not for Qwen).
import { basename } from 'node:path'
import { canDequantize, ggmlTypeName } from '../formats/dequantize.ts'
import { openGguf } from '../formats/gguf.ts'
import type { Gguf } from '../formats/gguf.ts'
import { sha256OfFile } from '../formats/sha256.ts'
import { findGgufToken, ggufTokenizer } from '../tokenizer/gguf-tokenizer.ts'
import { jinjaTemplate } from '../tokenizer/jinja-template.ts'
import type { BaseSource, HostTensor } from './base-source.ts'
import { checkTensors } from './check-tensors.ts'
import { ggufConfig } from './gguf-config.ts'
import { ggufConfigFiles } from './gguf-config-files.ts'
import type { ModelConfig } from './model-config.ts'

const TOP_NAMES = new Map([
  ['token_embd.weight', 'model.embed_tokens.weight'],
  ['output_norm.weight', 'model.norm.weight'],
  ['output.weight', 'lm_head.weight'],
])

const BLOCK_NAMES = new Map([
  ['attn_norm', 'input_layernorm'],
  ['ffn_norm', 'post_attention_layernorm'],
  ['attn_q', 'self_attn.q_proj'],
  ['attn_k', 'self_attn.k_proj'],
  ['attn_v', 'self_attn.v_proj'],
  ['attn_output', 'self_attn.o_proj'],
  ['attn_q_norm', 'self_attn.q_norm'],
  ['attn_k_norm', 'self_attn.k_norm'],
  ['ffn_gate', 'mlp.gate_proj'],
  ['ffn_up', 'mlp.up_proj'],
  ['ffn_down', 'mlp.down_proj'],
])

/** Opens a GGUF file. Throws, naming everything that is missing, misshapen or not supported. */
export function openGgufBase(path: string): BaseSource {
  const gguf = openGguf(path)
  try {
    const config = ggufConfig(gguf)
    const fileNames = huggingFaceNames(gguf)
    const shapes = new Map([...fileNames].map(([name, file]) => [name, gguf.tensors.get(file)?.shape ?? []]))
    checkTensors(path, config, shapes, unreadFormats(gguf))
    const { metadata } = gguf
    const template = metadata.get('tokenizer.chat_template')
    const tokens = { bos: findGgufToken(metadata, 'bos'), eos: findGgufToken(metadata, 'eos') }
    const tokenizer = ggufTokenizer(metadata)
    let sha256: string | undefined
    return {
      id: basename(path).replace(/\.gguf$/i, ''),
      get sha256() {
        return (sha256 ??= sha256OfFile(path))
      },
      config,
      tokenizer,
      chatTemplate: jinjaTemplate(typeof template === 'string' ? template : null, tokens),
      tensorNames: [...fileNames.keys()],
      shapeOf: (name) => shapes.get(name),
      configFiles: () => ggufConfigFiles(metadata, config, tokenizer),
      read: (name) => readTensor(gguf, config, fileNames, name),
      close: () => gguf.close(),
    }
  } catch (error) {
    gguf.close()
    throw error
  }
}

/** Hugging Face's name -> the file's name. What has no counterpart keeps its own name and is reported as unknown. */
function huggingFaceNames(gguf: Gguf): Map<string, string> {
  const names = new Map<string, string>()
  for (const file of gguf.tensors.keys()) {
    // Not a weight: the frequencies of a scaled rope, read into the config.
    if (file === 'rope_freqs.weight') continue
    const [, layer, module = '', kind] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(file) ?? []
    const block = BLOCK_NAMES.get(module)
    names.set(block ? `model.layers.${layer}.${block}.${kind}` : (TOP_NAMES.get(file) ?? file), file)
  }
  return names
}

function unreadFormats(gguf: Gguf): string[] {
  const unread = [...gguf.tensors.values()].filter((tensor) => !canDequantize(tensor.type))
  return unread.map((tensor) => `${tensor.name} has the unsupported format ${ggmlTypeName(tensor.type)}`)
}

function readTensor(gguf: Gguf, config: ModelConfig, fileNames: ReadonlyMap<string, string>, name: string): HostTensor {
  const tensor = gguf.read(fileNames.get(name) ?? name)
  const heads = /\.q_proj\./.test(name) ? config.heads : /\.k_proj\./.test(name) ? config.kvHeads : 0
  if (config.family !== 'llama' || heads === 0) return tensor
  return { shape: tensor.shape, data: uninterleaveRows(tensor.data, heads, config.headSize) }
}

/** Row 2i + h of each head (llama.cpp) becomes row h * headSize / 2 + i (Hugging Face). */
function uninterleaveRows(data: Float32Array, heads: number, headSize: number): Float32Array {
  const out = new Float32Array(data.length)
  const width = data.length / (heads * headSize)
  for (let head = 0; head < heads; head++)
    for (let row = 0; row < headSize; row++) {
      const from = (head * headSize + row) * width
      const to = (head * headSize + (row % 2) * (headSize / 2) + (row >> 1)) * width
      out.set(data.subarray(from, from + width), to)
    }
  return out
}
