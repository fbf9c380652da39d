// The shape of a base from Hugging Face's config.json. Everything that would change the arithmetic and that we do not
// run is refused by name; what only concerns training or other software is left unread.
import { FAMILIES } from './model-config.ts'
import type { Family, Llama3RopeScaling, ModelConfig } from './model-config.ts'

type Json = Record<string, unknown>

/** Throws, by name, for model types and variations we do not run. */
export function folderConfig(json: Json): ModelConfig {
  const family = FAMILIES.find((name) => name === json.model_type)
  if (!family)
    throw new Error(`unsupported model type ${JSON.stringify(json.model_type)}; supported: ${FAMILIES.join(', ')}`)
  refuseVariations(json, family)
  const hiddenSize = getNumber(json, 'hidden_size')
  const heads = getNumber(json, 'num_attention_heads')
  const rope = ropeParameters(json)
  return {
    family,
    vocabSize: getNumber(json, 'vocab_size'),
    hiddenSize,
    mlpSize: getNumber(json, 'intermediate_size'),
    layers: getNumber(json, 'num_hidden_layers'),
    heads,
    kvHeads: findNumber(json, 'num_key_value_heads') ?? heads,
    // Qwen3's own default; the others divide.
    headSize: findNumber(json, 'head_dim') ?? (family === 'qwen3' ? 128 : hiddenSize / heads),
    normEpsilon: findNumber(json, 'rms_norm_eps') ?? 1e-6,
    ropeTheta: findNumber(rope, 'rope_theta') ?? findNumber(json, 'rope_theta') ?? 10000,
    ropeScaling: ropeScaling(rope, findNumber(json, 'max_position_embeddings')),
    positionsMax: findNumber(json, 'max_position_embeddings') ?? 2048,
    tiedEmbeddings: json.tie_word_embeddings === true,
    attentionBias: family === 'qwen2',
    qkNorm: family === 'qwen3',
  }
}

function refuseVariations(json: Json, family: Family): void {
  if (json.quantization_config !== undefined && json.quantization_config !== null) {
    const method = (json.quantization_config as Json).quant_method
    throw new Error(`unsupported quantised weights (quantization_config: ${JSON.stringify(method)})`)
  }
  const activation = json.hidden_act ?? 'silu'
  if (activation !== 'silu') throw new Error(`unsupported activation ${JSON.stringify(activation)}`)
  if (family !== 'qwen2' && json.attention_bias === true) throw new Error(`unsupported attention_bias in ${family}`)
  if (json.mlp_bias === true) throw new Error('unsupported mlp_bias')
  if (json.use_sliding_window === true) throw new Error('unsupported use_sliding_window')
  const layerTypes = Array.isArray(json.layer_types) ? json.layer_types : []
  const other = layerTypes.find((type) => type !== 'full_attention') as unknown
  if (other !== undefined) throw new Error(`unsupported layer type ${JSON.stringify(other)}`)
  const partial = findNumber(json, 'partial_rotary_factor') ?? 1
  if (partial !== 1) throw new Error(`unsupported partial_rotary_factor ${partial}`)
}

/** `rope_parameters` since transformers 5, `rope_scaling` before. */
function ropeParameters(json: Json): Json {
  return (json.rope_parameters ?? json.rope_scaling ?? {}) as Json
}

function ropeScaling(rope: Json, positionsMax: number | undefined): Llama3RopeScaling | null {
  const type = rope.rope_type ?? rope.type ?? 'default'
  if (type === 'default') return null
  if (type !== 'llama3') throw new Error(`unsupported rope scaling ${JSON.stringify(type)}; only llama3 is supported`)
  return {
    factor: getNumber(rope, 'factor'),
    lowFreqFactor: getNumber(rope, 'low_freq_factor'),
    highFreqFactor: getNumber(rope, 'high_freq_factor'),
    originalPositions: findNumber(rope, 'original_max_position_embeddings') ?? positionsMax ?? 8192,
  }
}

function findNumber(json: Json, key: string): number | undefined {
  const value = json[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw new Error(`config.json: ${key} is not a number`)
  return value
}

function getNumber(json: Json, key: string): number {
  const value = findNumber(json, key)
  if (value === undefined) throw new Error(`config.json lacks ${key}`)
  return value
}
