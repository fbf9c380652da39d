// The shape of a supported base: Llama-type decoders, told apart only by biases, q/k norms, tied embeddings and
// rope scaling. Readers of each file format produce this; the model reads nothing else.

export const FAMILIES = ['llama', 'qwen2', 'qwen3'] as const
export type Family = (typeof FAMILIES)[number]

/** Rope scaling of Llama 3.1 and later (frequencies stretched by wavelength). */
export interface Llama3RopeScaling {
  factor: number
  lowFreqFactor: number
  highFreqFactor: number
  originalPositions: number
}

export interface ModelConfig {
  family: Family
  vocabSize: number
  hiddenSize: number
  mlpSize: number
  layers: number
  heads: number
  kvHeads: number
  headSize: number
  normEpsilon: number
  ropeTheta: number
  ropeScaling: Llama3RopeScaling | null
  positionsMax: number
  /** The output head is the embedding matrix itself. */
  tiedEmbeddings: boolean
  /** Biases on the q, k and v projections (Qwen2). */
  attentionBias: boolean
  /** RMSNorm over each head of q and k before rope (Qwen3). */
  qkNorm: boolean
}

/** The linear layers of a block, in Hugging Face's names; LoRA may sit on any subset of them. */
export const LINEAR_NAMES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const
export type LinearName = (typeof LINEAR_NAMES)[number]

/** [out features, in features] of a linear layer, as Hugging Face stores its weight. */
export function linearShape(config: ModelConfig, name: LinearName): [outputs: number, inputs: number] {
  const { hiddenSize, mlpSize, heads, kvHeads, headSize } = config
  switch (name) {
    case 'q_proj':
      return [heads * headSize, hiddenSize]
    case 'k_proj':
    case 'v_proj':
      return [kvHeads * headSize, hiddenSize]
    case 'o_proj':
      return [hiddenSize, heads * headSize]
    case 'gate_proj':
    case 'up_proj':
      return [mlpSize, hiddenSize]
    case 'down_proj':
      return [hiddenSize, mlpSize]
  }
}

/** `model.layers.3.self_attn.q_proj` and the like: Hugging Face's module path of a linear layer. */
export function linearPath(layer: number, name: LinearName): string {
  const module = name.endsWith('_proj') && 'qkvo'.includes(name.charAt(0)) && name.length === 6 ? 'self_attn' : 'mlp'
  return `model.layers.${layer}.${module}.${name}`
}

/** Every tensor a base of this config must have, in Hugging Face's names and shapes ([out, in] for linears). */
export function requiredTensors(config: ModelConfig): Map<string, number[]> {
  const shapes = new Map<string, number[]>()
  shapes.set('model.embed_tokens.weight', [config.vocabSize, config.hiddenSize])
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `model.layers.${layer}`
    shapes.set(`${block}.input_layernorm.weight`, [config.hiddenSize])
    shapes.set(`${block}.post_attention_layernorm.weight`, [config.hiddenSize])
    for (const name of LINEAR_NAMES) shapes.set(`${linearPath(layer, name)}.weight`, linearShape(config, name))
    if (config.attentionBias)
      for (const name of ['q_proj', 'k_proj', 'v_proj'] as const)
        shapes.set(`${linearPath(layer, name)}.bias`, [linearShape(config, name)[0]])
    if (config.qkNorm)
      for (const name of ['q_norm', 'k_norm']) shapes.set(`${block}.self_attn.${name}.weight`, [config.headSize])
  }
  shapes.set('model.norm.weight', [config.hiddenSize])
  if (!config.tiedEmbeddings) shapes.set('lm_head.weight', [config.vocabSize, config.hiddenSize])
  return shapes
}
