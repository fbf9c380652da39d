// One token further for every row of a batch, against the key-value cache. The cache of a layer is a variable of
// [kvHeads * rows * capacity, headSize] rows, written in place at each row's own position, so sequences of different
// lengths decode together.
import { add, batchMatMul, gather, pad, reshape, shapeOf, softmax, transpose } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import { attentionShapes, splitHeads } from './attention.ts'
import type { AttentionShapes } from './attention.ts'
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
  /** [1, rows, 1, capacity]: 0 where a cached position may be seen. */
  mask: Value
  rows: Value
  /** Cache rows to write, [kvHeads * rows], kv head outermost. */
  slots: Value
}

export function decodeForward(context: ModelContext, inputs: DecodeInputs): Value {
  const { ops, config } = context
  const loras = readLoras(context)
  const shapes = attentionShapes(context, inputs.rows)
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
  const keys = ops.scatterRows(`k.${layer}`, inputs.slots, reshape(ops, parts.key, [-1, headSize]))
  const values = ops.scatterRows(`v.${layer}`, inputs.slots, reshape(ops, parts.value, [-1, headSize]))
  const grouped = reshape(ops, parts.query, shapeOf(ops, [kvHeads, group, inputs.rows, headSize]))
  const query = transpose(ops, grouped, [0, 2, 1, 3])
  const scores = batchMatMul(ops, query, reshape(ops, keys, shapes.keyHeads), { transposeB: true })
  const weights = softmax(ops, add(ops, scores, inputs.mask))
  const attended = batchMatMul(ops, weights, reshape(ops, values, shapes.keyHeads))
  return reshape(ops, transpose(ops, attended, [1, 0, 2, 3]), [-1, heads * headSize])
}

/** Fills the cache from a prefill's keys and values [kvHeads, rows, s, d], with room for `extra` further positions. */
export function fillCache(context: ModelContext, keys: readonly Value[], values: readonly Value[], extra: Value): void {
  const { ops, config } = context
  const room = shapeOf(ops, [0, 0, 0, 0, 0, extra, 0, 0])
  const paddings = reshape(ops, room, [4, 2])
  const store = (name: string, value: Value | undefined) => {
    if (value) ops.assign(name, reshape(ops, pad(ops, value, paddings), [-1, config.headSize]))
  }
  for (let layer = 0; layer < config.layers; layer++) {
    store(`k.${layer}`, keys[layer])
    store(`v.${layer}`, values[layer])
  }
}

/** Keeps only the given rows of the batch in the cache, [kept]. */
export function keepCacheRows(context: ModelContext, rows: Value, kept: Value): void {
  const { ops, config } = context
  const shape = shapeOf(ops, [config.kvHeads, rows, -1, config.headSize])
  for (let layer = 0; layer < config.layers; layer++)
    for (const name of [`k.${layer}`, `v.${layer}`]) {
      const left = gather(ops, reshape(ops, ops.read(name), shape), kept, 1)
      ops.assign(name, reshape(ops, left, [-1, config.headSize]))
    }
}
