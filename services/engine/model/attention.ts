// Causal self-attention with grouped queries. Heads come first in memory ([heads, rows, positions, head size]), because
// then q, k and v are cut from one product without a copy, and k and v serve their group by broadcasting.
import {
  add,
  batchMatMul,
  concat,
  mul,
  reshape,
  shapeOf,
  softmax,
  splitRows,
  sub,
  sum,
  transpose,
} from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext, RopeTables } from './model-context.ts'
import { normBackward, normForward } from './norm.ts'
import type { NormSaved } from './norm.ts'
import { applyRope, ropeBackward } from './rope.ts'

/** Shape vectors of a step, made once and used by every layer. */
export interface AttentionShapes {
  /** [rows, -1, all heads, head size] */
  qkv: Value
  /** [kv heads, group, rows, -1, head size] */
  query: Value
  /** [kv heads, 1, rows, -1, head size] */
  key: Value
  /** [heads, rows, -1, head size] */
  heads: Value
}

export function attentionShapes(context: ModelContext, rows: Value): AttentionShapes {
  const { ops, config } = context
  const { heads, kvHeads, headSize } = config
  return {
    qkv: shapeOf(ops, [rows, -1, heads + 2 * kvHeads, headSize]),
    query: shapeOf(ops, [kvHeads, heads / kvHeads, rows, -1, headSize]),
    key: shapeOf(ops, [kvHeads, 1, rows, -1, headSize]),
    heads: shapeOf(ops, [heads, rows, -1, headSize]),
  }
}

export interface AttentionSaved {
  /** [kv heads, group, rows, s, d] */
  query: Value
  /** [kv heads, 1, rows, s, d] */
  key: Value
  value: Value
  /** [kv heads, group, rows, s, s] */
  weights: Value
  /** [kv heads, group, rows, s, d] */
  attended: Value
  norm: NormSaved | null
}

/** Cuts qkv [n, all heads * d] into roped q and k and plain v, each [its heads, rows, s, d]. */
export function splitHeads(
  context: ModelContext,
  layer: number,
  tables: RopeTables,
  shapes: AttentionShapes,
  qkv: Value,
): { query: Value; key: Value; value: Value; norm: NormSaved | null } {
  const { ops, config } = context
  const { heads, kvHeads } = config
  const headsFirst = transpose(ops, reshape(ops, qkv, shapes.qkv), [2, 0, 1, 3])
  const [unroped, value] = splitRows(ops, headsFirst, [heads + kvHeads, kvHeads])
  if (!unroped || !value) throw new Error('split gave no parts')
  const normed = config.qkNorm ? normForward(context, unroped, ops.read(`w.${layer}.qkNorm`)) : null
  const roped = applyRope(context, tables, normed?.output ?? unroped)
  const [query, key] = splitRows(ops, roped, [heads, kvHeads])
  if (!query || !key) throw new Error('split gave no parts')
  return { query, key, value, norm: normed?.saved ?? null }
}

/** [heads, rows, s, d] to [n, heads * d]. */
function joinHeads(context: ModelContext, x: Value): Value {
  const { ops, config } = context
  return reshape(ops, transpose(ops, x, [1, 2, 0, 3]), [-1, config.heads * config.headSize])
}

/** qkv [n, (heads + 2 kvHeads) d], mask [s, s] (0 or a large negative number) to the attended values [n, heads * d]. */
export function attentionForward(
  context: ModelContext,
  layer: number,
  tables: RopeTables,
  shapes: AttentionShapes,
  mask: Value,
  qkv: Value,
): { output: Value; saved: AttentionSaved } {
  const { ops } = context
  const parts = splitHeads(context, layer, tables, shapes, qkv)
  const query = reshape(ops, parts.query, shapes.query)
  const key = reshape(ops, parts.key, shapes.key)
  const value = reshape(ops, parts.value, shapes.key)
  const scores = add(ops, batchMatMul(ops, query, key, { transposeB: true }), mask)
  const weights = softmax(ops, scores)
  const attended = batchMatMul(ops, weights, value)
  return {
    output: joinHeads(context, reshape(ops, attended, shapes.heads)),
    saved: { query, key, value, weights, attended, norm: parts.norm },
  }
}

/** From the gradient of the attended values [n, heads * d] to that of qkv [n, (heads + 2 kvHeads) d]. */
export function attentionBackward(
  context: ModelContext,
  tables: RopeTables,
  shapes: AttentionShapes,
  saved: AttentionSaved,
  gradient: Value,
  rows: Value,
): Value {
  const { ops, config } = context
  const { heads, kvHeads, headSize } = config
  const perHead = reshape(ops, gradient, shapeOf(ops, [rows, -1, heads, headSize]))
  const dAttended = reshape(ops, transpose(ops, perHead, [2, 0, 1, 3]), shapes.query)
  const dValue = sum(ops, batchMatMul(ops, saved.weights, dAttended, { transposeA: true }), [1], false)
  const dWeights = batchMatMul(ops, dAttended, saved.value, { transposeB: true })
  // The sum of dWeights weights over what is seen, taken where it is small.
  const along = sum(ops, mul(ops, dAttended, saved.attended), [-1], true)
  const dScores = mul(ops, saved.weights, sub(ops, dWeights, along))
  const dQuery = reshape(ops, batchMatMul(ops, dScores, saved.key), shapes.heads)
  const dKey = sum(ops, batchMatMul(ops, dScores, saved.query, { transposeA: true }), [1], false)
  const dRoped = ropeBackward(context, tables, concat(ops, [dQuery, dKey], 0))
  const dUnroped = saved.norm ? normBackward(context, saved.norm, dRoped) : dRoped
  const headsFirst = concat(ops, [dUnroped, dValue], 0)
  return reshape(ops, transpose(ops, headsFirst, [1, 2, 0, 3]), [-1, (heads + 2 * kvHeads) * headSize])
}
