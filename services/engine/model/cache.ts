// The key-value cache: of each layer two variables of [slots * kvHeads * capacity, headSize] rows, the positions of one
// sequence's head one after another. A slot holds one sequence and is written in place, so that sequences come and go while
// the others stay where they are.
import { firstRows, gather, reshape, shapeOf } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext } from './model-context.ts'

export interface KeysAndValues {
  key: Value
  value: Value
}

/** Of a prefill: the cache rows that it writes, [kvHeads * r * s], and those that it attends to, [kvHeads * r * window]. */
export interface CacheWindow {
  written: Value
  seen: Value
}

/** Keys and values [kvHeads, r, s, d] written; what is seen afterwards, [kvHeads * r * window, d]. */
export function throughWindow(
  context: ModelContext,
  layer: number,
  { written, seen }: CacheWindow,
  fresh: KeysAndValues,
): KeysAndValues {
  const through = (all: Value) => gather(context.ops, all, seen)
  const { key, value } = writeCache(context, layer, written, fresh)
  return { key: through(key), value: through(value) }
}

/** Of a decode step: the cache rows that it writes, [kvHeads * r], and how many it attends to: those of the first r slots. */
export interface CachePrefix {
  written: Value
  count: Value
  rows: Value
}

/** Keys and values [kvHeads, r, 1, d] written; those of the first r slots, [r, kvHeads, capacity, d], without a copy. */
export function throughPrefix(
  context: ModelContext,
  layer: number,
  { written, count, rows }: CachePrefix,
  fresh: KeysAndValues,
): KeysAndValues {
  const { ops, config } = context
  const shape = shapeOf(ops, [rows, config.kvHeads, -1, config.headSize])
  const through = (all: Value) => reshape(ops, firstRows(ops, all, count), shape)
  const { key, value } = writeCache(context, layer, written, fresh)
  return { key: through(key), value: through(value) }
}

function writeCache(context: ModelContext, layer: number, written: Value, { key, value }: KeysAndValues) {
  const { ops, config } = context
  const write = (name: string, fresh: Value) =>
    ops.scatterRows(name, written, reshape(ops, fresh, [-1, config.headSize]))
  return { key: write(`k.${layer}`, key), value: write(`v.${layer}`, value) }
}

/** Makes the cache anew of these of its rows, [any number]. */
export function arrangeCache({ ops, config }: ModelContext, rows: Value): void {
  for (const name of cacheVariables(config.layers)) ops.assign(name, gather(ops, ops.read(name), rows))
}

export function cacheVariables(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => [`k.${layer}`, `v.${layer}`]).flat()
}
