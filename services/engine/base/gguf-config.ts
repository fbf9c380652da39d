// The shape of a base from GGUF metadata. Llama 3.1's rope scaling is stored as one divisor per frequency
// (`rope_freqs.weight`); the rule it was made by is recovered from the numbers and must reproduce them.
import type { Gguf, GgufValue } from '../formats/gguf.ts'
import { FAMILIES } from './model-config.ts'
import type { Family, ModelConfig } from './model-config.ts'
import { recoverRopeScaling } from './rope-scaling.ts'

/** Throws, by name, for architectures and variations we do not run. */
export function ggufConfig(gguf: Gguf): ModelConfig {
  const family = getFamily(gguf.metadata.get('general.architecture'))
  const get = (key: string) => getNumber(gguf.metadata, `${family}.${key}`)
  const find = (key: string) => findNumber(gguf.metadata, `${family}.${key}`)
  refuseVariations(gguf, family)
  const heads = get('attention.head_count')
  const hiddenSize = get('embedding_length')
  const headSize = find('attention.key_length') ?? find('rope.dimension_count') ?? hiddenSize / heads
  const ropeTheta = find('rope.freq_base') ?? 10000
  return {
    family,
    vocabSize: gguf.tensors.get('token_embd.weight')?.shape[0] ?? get('vocab_size'),
    hiddenSize,
    mlpSize: get('feed_forward_length'),
    layers: get('block_count'),
    heads,
    kvHeads: find('attention.head_count_kv') ?? heads,
    headSize,
    normEpsilon: get('attention.layer_norm_rms_epsilon'),
    ropeTheta,
    ropeScaling: gguf.tensors.has('rope_freqs.weight')
      ? recoverRopeScaling(gguf.read('rope_freqs.weight').data, ropeTheta, headSize)
      : null,
    positionsMax: get('context_length'),
    tiedEmbeddings: !gguf.tensors.has('output.weight'),
    attentionBias: family === 'qwen2',
    qkNorm: family === 'qwen3',
  }
}

function getFamily(architecture: GgufValue | undefined): Family {
  const family = FAMILIES.find((name) => name === architecture)
  if (!family)
    throw new Error(`unsupported architecture ${JSON.stringify(architecture)}; supported: ${FAMILIES.join(', ')}`)
  return family
}

function refuseVariations({ metadata }: Gguf, family: Family): void {
  if ((findNumber(metadata, 'split.count') ?? 1) > 1)
    throw new Error('unsupported split GGUF (split.count); join its parts with llama-gguf-split --merge')
  const scaling = metadata.get(`${family}.rope.scaling.type`)
  if (scaling !== undefined && scaling !== 'none')
    throw new Error(`unsupported rope scaling ${JSON.stringify(scaling)}; only Llama 3's is supported`)
  if ((findNumber(metadata, `${family}.expert_count`) ?? 0) > 0)
    throw new Error(`unsupported mixture of experts (${family}.expert_count)`)
  const key = findNumber(metadata, `${family}.attention.key_length`)
  const value = findNumber(metadata, `${family}.attention.value_length`)
  if (key !== value) throw new Error(`unsupported: heads of different sizes for keys (${key}) and values (${value})`)
  const rotated = findNumber(metadata, `${family}.rope.dimension_count`)
  if (key !== undefined && rotated !== undefined && rotated !== key)
    throw new Error(`unsupported partial rope: ${rotated} of ${key} dimensions`)
}

function findNumber(metadata: Gguf['metadata'], key: string): number | undefined {
  const value = metadata.get(key)
  if (value === undefined || typeof value === 'number') return value
  throw new Error(`unsupported ${key}: one number for all layers was expected`)
}

function getNumber(metadata: Gguf['metadata'], key: string): number {
  const value = findNumber(metadata, key)
  if (value === undefined) throw new Error(`the GGUF metadata lack ${key}`)
  return value
}
