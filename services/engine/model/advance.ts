// Sequences taken further against the key-value cache (cache.ts), each by the tokens it has: parts of prompts and single
// tokens of answers in one pass. The linear layers see one list of tokens without padding, so that a base's weights are
// read once for all; only attention, where the two differ in shape, takes them apart.
import { add, batchMatMul, concat, firstRows, gather, reshape, shapeOf, softmax, transpose } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import { attentionShapes, splitHeads } from './attention.ts'
import type { AttentionShapes } from './attention.ts'
import { writeCache } from './cache.ts'
import type { KeysAndValues } from './cache.ts'
import { linearPacked } from './linear.ts'
import { GROUPS } from './lora-layout.ts'
import { swigluForward } from './mlp.ts'
import type { ModelContext, RopeTables } from './model-context.ts'
import { normForward } from './norm.ts'
import { embed, readLoras } from './transformer.ts'
import type { Loras } from './transformer.ts'

/** Of p parts, padded to length s, which see w positions of their slots; p may be 0. */
export interface Parts {
  /** Scalars p, s, w. */
  count: Value
  length: Value
  window: Value
  /** [p * s], the token that stands at each place. */
  places: Value
  /** [tokens of all parts], the place of each. */
  tokens: Value
  /** Cache rows that are seen, [kvHeads * p * w]. */
  seen: Value
  /** [p, s, w]: 0 where a position may be seen. */
  mask: Value
}

/** One token in each of the first q slots; q may be 0. */
export interface Singles {
  /** Scalar q. */
  count: Value
  /** [q], which token. */
  tokens: Value
  /** Scalars: positions of a slot, and the cache rows of the first q slots. */
  capacity: Value
  cacheRows: Value
  /** [q, 1, 1, capacity]: 0 where a position may be seen. */
  mask: Value
}

export interface AdvanceInputs {
  /** [n]: the tokens of the parts, then the single ones. */
  ids: Value
  /** [q and k heads, 1, n, head size] */
  tables: RopeTables
  /** Cache rows that the tokens are written to, [kvHeads * n]. */
  written: Value
  parts: Parts
  singles: Singles
}

/** Hidden vectors [n, hidden] before the final norm. */
export function advanceForward(context: ModelContext, inputs: AdvanceInputs): Value {
  const { ops, config } = context
  const loras = readLoras(context)
  const shapes = attentionShapes(context, ops.constant(1, 'int32'))
  let x = embed(context, inputs.ids)
  for (let layer = 0; layer < config.layers; layer++) {
    const norm1 = normForward(context, x, ops.read(`w.${layer}.norm1`))
    const [qkv] = linearPacked(context, GROUPS.qkv, layer, loras.qkv, norm1.output)
    if (!qkv) throw new Error('a linear gave no output')
    const attended = cachedAttention(context, inputs, shapes, layer, qkv)
    const [o] = linearPacked(context, GROUPS.o, layer, loras.o, attended)
    if (!o) throw new Error('a linear gave no output')
    x = mlpForward(context, loras, layer, add(ops, x, o))
  }
  return x
}

function mlpForward(context: ModelContext, loras: Loras, layer: number, x: Value): Value {
  const { ops } = context
  const norm2 = normForward(context, x, ops.read(`w.${layer}.norm2`))
  const [gate, up] = linearPacked(context, GROUPS.mlp, layer, loras.mlp, norm2.output)
  if (!gate || !up) throw new Error('the mlp has two inputs')
  const [down] = linearPacked(context, GROUPS.down, layer, loras.down, swigluForward(context, gate, up).output)
  if (!down) throw new Error('a linear gave no output')
  return add(ops, x, down)
}

/** qkv [n, all heads * d] to attended values [n, heads * d]. */
function cachedAttention(
  context: ModelContext,
  { tables, written, parts, singles }: AdvanceInputs,
  shapes: AttentionShapes,
  layer: number,
  qkv: Value,
): Value {
  const { ops, config } = context
  const heads = splitHeads(context, layer, tables, shapes, qkv)
  const cache = writeCache(context, layer, written, heads)
  const query = reshape(ops, heads.query, [config.heads, -1, config.headSize])
  return concat(ops, [attendParts(context, parts, cache, query), attendSingles(context, singles, cache, query)], 0)
}

/** query [heads, n, d] to the attended values of the parts' tokens, [those, heads * d]. */
function attendParts(context: ModelContext, parts: Parts, cache: KeysAndValues, query: Value): Value {
  const { ops, config } = context
  const { heads, kvHeads, headSize } = config
  const { count, length, window } = parts
  const padded = shapeOf(ops, [kvHeads, heads / kvHeads, count, length, headSize])
  const seen = (all: Value) =>
    reshape(ops, gather(ops, all, parts.seen), shapeOf(ops, [kvHeads, 1, count, window, headSize]))
  const queries = reshape(ops, gather(ops, query, parts.places, 1), padded)
  const scores = batchMatMul(ops, queries, seen(cache.key), { transposeB: true })
  const weights = softmax(ops, add(ops, scores, parts.mask))
  const attended = reshape(ops, batchMatMul(ops, weights, seen(cache.value)), [heads, -1, headSize])
  const tokens = transpose(ops, gather(ops, attended, parts.tokens, 1), [1, 0, 2])
  return reshape(ops, tokens, [-1, heads * headSize])
}

/** The same of the single tokens; a group's queries stand as rows of one product. */
function attendSingles(context: ModelContext, singles: Singles, cache: KeysAndValues, query: Value): Value {
  const { ops, config } = context
  const { heads, kvHeads, headSize } = config
  const { count, capacity, cacheRows } = singles
  const grouped = shapeOf(ops, [kvHeads, heads / kvHeads, count, headSize])
  const seen = (all: Value) =>
    reshape(ops, firstRows(ops, all, cacheRows), shapeOf(ops, [count, kvHeads, capacity, headSize]))
  const queries = transpose(ops, reshape(ops, gather(ops, query, singles.tokens, 1), grouped), [2, 0, 1, 3])
  const scores = batchMatMul(ops, queries, seen(cache.key), { transposeB: true })
  const weights = softmax(ops, add(ops, scores, singles.mask))
  return reshape(ops, batchMatMul(ops, weights, seen(cache.value)), [-1, heads * headSize])
}
