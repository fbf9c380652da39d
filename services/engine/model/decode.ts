// One token further for every row of a batch, against the key-value cache (cache.ts). Each row stands at its own position,
// so sequences of different lengths decode together.
import { add, batchMatMul, reshape, shapeOf, softmax, transpose } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import { attentionShapes, splitHeads } from './attention.ts'
import type { AttentionShapes } from './attention.ts'
import { throughPrefix } from './cache.ts'
import type { CachePrefix } from './cache.ts'
import { linearDecode } from './linear.ts'
import { GROUPS } from './lora-layout.ts'
import { swigluForward } from './mlp.ts'
import type { ModelContext, RopeTables } from './model-context.ts'
import { normForward } from './norm.ts'
import { embed, readLoras } from './transformer.ts'
import type { Loras } from './transformer.ts'

export interface DecodeInputs {
  /** [rows] */
  ids: Value
  tables: RopeTables
  /** [rows, 1, 1, capacity]: 0 where a cached position may be seen. */
  mask: Value
  cache: CachePrefix
}

export function decodeForward(context: ModelContext, inputs: DecodeInputs): Value {
  const { ops, config } = context
  const loras = readLoras(context)
  const shapes = attentionShapes(context, inputs.cache.rows)
  let x = embed(context, inputs.ids)
  for (let layer = 0; layer < config.layers; layer++) {
    const norm1 = normForward(context, x, ops.read(`w.${layer}.norm1`))
    const [qkv] = linearDecode(context, GROUPS.qkv, layer, loras.qkv, norm1.output)
    if (!qkv) throw new Error('a linear gave no output')
    const attended = cachedAttention(context, inputs, shapes, layer, qkv)
    const [o] = linearDecode(context, GROUPS.o, layer, loras.o, attended)
    if (!o) throw new Error('a linear gave no output')
    x = mlpDecode(context, loras, layer, add(ops, x, o))
  }
  return x
}

function mlpDecode(context: ModelContext, loras: Loras, layer: number, x: Value): Value {
  const { ops } = context
  const norm2 = normForward(context, x, ops.read(`w.${layer}.norm2`))
  const [gate, up] = linearDecode(context, GROUPS.mlp, layer, loras.mlp, norm2.output)
  if (!gate || !up) throw new Error('the mlp has two inputs')
  const [down] = linearDecode(context, GROUPS.down, layer, loras.down, swigluForward(context, gate, up).output)
  if (!down) throw new Error('a linear gave no output')
  return add(ops, x, down)
}

/** qkv [rows, all heads * d] to attended values [rows, heads * d]; the group's queries stand as rows of one product. */
function cachedAttention(
  context: ModelContext,
  inputs: DecodeInputs,
  shapes: AttentionShapes,
  layer: number,
  qkv: Value,
): Value {
  const { ops, config } = context
  const { heads, kvHeads, headSize } = config
  const group = heads / kvHeads
  const parts = splitHeads(context, layer, inputs.tables, shapes, qkv)
  const { key, value } = throughPrefix(context, layer, inputs.cache, parts)
  const grouped = reshape(ops, parts.query, shapeOf(ops, [kvHeads, group, inputs.cache.rows, headSize]))
  const query = transpose(ops, grouped, [2, 0, 1, 3])
  const scores = batchMatMul(ops, query, key, { transposeB: true })
  const weights = softmax(ops, add(ops, scores, inputs.mask))
  return reshape(ops, batchMatMul(ops, weights, value), [-1, heads * headSize])
}
