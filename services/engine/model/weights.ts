// From a base on disk to the model's variables: q, k and v stacked into one matrix (one product, one rope), everything
// else as Hugging Face stores it, [out, in]. Matrices may be rounded to bfloat16 on the way; norms and biases never are.
import type { BaseSource } from '../base/base-source.ts'
import { linearPath } from '../base/model-config.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { encodeBf16 } from '../formats/half.ts'
import type { FloatArray, HostArray, VariableSpec } from '../ops/executor.ts'
import { cacheVariables } from './cache.ts'
import { besideName, LORA_CONSTANTS, LORA_VARIABLES, severalName } from './lora-layout.ts'

export type FrozenDtype = 'float32' | 'bfloat16'

/** Every variable of the model's programs. */
export function modelVariables(config: ModelConfig, frozen: FrozenDtype): Record<string, VariableSpec> {
  const variables: Record<string, VariableSpec> = {}
  for (const { name, matrix } of frozenVariables(config)) variables[name] = { dtype: matrix ? frozen : 'float32' }
  for (const name of LORA_VARIABLES)
    for (const prefix of ['', 'm.', 'v.', 'sum.'])
      for (const variable of [name, severalName(name)]) variables[`${prefix}${variable}`] = { dtype: 'float32' }
  for (const name of LORA_VARIABLES) variables[besideName(name)] = { dtype: frozen }
  for (const name of LORA_CONSTANTS) variables[name] = { dtype: 'float32' }
  for (const name of cacheVariables(config.layers)) variables[name] = { dtype: 'float32' }
  return variables
}

interface FrozenVariable {
  name: string
  matrix: boolean
  /** Hugging Face tensors stacked along axis 0, each repeated `repeat` times (norms shared by heads). */
  parts: { tensor: string; repeat: number }[]
  shape: number[]
}

function frozenVariables(config: ModelConfig): FrozenVariable[] {
  const { hiddenSize, mlpSize, heads, kvHeads, headSize, vocabSize } = config
  const variable = (name: string, matrix: boolean, shape: number[], ...tensors: string[]): FrozenVariable => ({
    name,
    matrix,
    shape,
    parts: tensors.map((tensor) => ({ tensor, repeat: 1 })),
  })
  const list = [
    variable('w.embed', true, [vocabSize, hiddenSize], 'model.embed_tokens.weight'),
    variable('w.norm', false, [hiddenSize], 'model.norm.weight'),
  ]
  if (!config.tiedEmbeddings) list.push(variable('w.head', true, [vocabSize, hiddenSize], 'lm_head.weight'))
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `model.layers.${layer}`
    const path = (name: Parameters<typeof linearPath>[1]) => linearPath(layer, name)
    const qkv = [path('q_proj'), path('k_proj'), path('v_proj')]
    const qkvSize = (heads + 2 * kvHeads) * headSize
    list.push(
      variable(`w.${layer}.norm1`, false, [hiddenSize], `${block}.input_layernorm.weight`),
      variable(`w.${layer}.norm2`, false, [hiddenSize], `${block}.post_attention_layernorm.weight`),
      variable(`w.${layer}.qkv`, true, [qkvSize, hiddenSize], ...qkv.map((name) => `${name}.weight`)),
      variable(`w.${layer}.o`, true, [hiddenSize, heads * headSize], `${path('o_proj')}.weight`),
      variable(`w.${layer}.gate`, true, [mlpSize, hiddenSize], `${path('gate_proj')}.weight`),
      variable(`w.${layer}.up`, true, [mlpSize, hiddenSize], `${path('up_proj')}.weight`),
      variable(`w.${layer}.down`, true, [hiddenSize, mlpSize], `${path('down_proj')}.weight`),
    )
    if (config.attentionBias)
      list.push(variable(`w.${layer}.qkvBias`, false, [qkvSize], ...qkv.map((name) => `${name}.bias`)))
    if (config.qkNorm)
      list.push({
        name: `w.${layer}.qkNorm`,
        matrix: false,
        shape: [heads + kvHeads, 1, 1, headSize],
        parts: [
          { tensor: `${block}.self_attn.q_norm.weight`, repeat: heads },
          { tensor: `${block}.self_attn.k_norm.weight`, repeat: kvHeads },
        ],
      })
  }
  return list
}

/**
 * The frozen variables' values, one at a time, so that a large base is never held twice. With `tensors`, only of the
 * variables that hold one of these.
 */
export function* frozenValues(
  source: BaseSource,
  frozen: FrozenDtype,
  tensors?: ReadonlySet<string>,
): Generator<[name: string, value: HostArray]> {
  for (const { name, matrix, parts, shape } of frozenVariables(source.config)) {
    if (tensors !== undefined && !parts.some(({ tensor }) => tensors.has(tensor))) continue
    const pieces = parts.flatMap(({ tensor, repeat }) => new Array<Float32Array>(repeat).fill(source.read(tensor).data))
    const [first] = pieces
    const data = pieces.length === 1 && first ? first : concatenate(pieces)
    yield [name, matrix ? inDtype({ shape, data }, frozen) : { shape, data }]
  }
}

/** Numbers as the executors take them for a variable of this dtype. */
export function inDtype(array: FloatArray, dtype: FrozenDtype): HostArray {
  return dtype === 'bfloat16' ? { shape: [...array.shape, 2], data: encodeBf16(array.data) } : array
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const data = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    data.set(piece, offset)
    offset += piece.length
  }
  return data
}
