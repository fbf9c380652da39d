// The key-value cache: of each layer two variables of [slots * kvHeads * capacity, headSize] rows, the positions of one
// sequence's head one after another. A slot holds one sequence and is written in place, so that sequences come and go while
// the others stay where they are.
import { gather, reshape } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext } from './model-context.ts'

export interface KeysAndValues {
  key: Value
  value: Value
}

/** Writes keys and values [kvHeads, ..., d] to the rows `written`, one for each; gives the cache as it is then. */
export function writeCache(
  context: ModelContext,
  layer: number,
  written: Value,
  { key, value }: KeysAndValues,
): KeysAndValues {
  const { ops, config } = context
  const write = (name: string, fresh: Value) =>
    ops.scatterRows(name, written, reshape(ops, fresh, [-1, config.headSize]))
  return { key: write(`k.${layer}`, key), value: write(`v.${layer}`, value) }
}

/** Makes the cache anew of these of its rows, [any number]. */
export function arrangeCache({ ops, config }: ModelContext, rows: Value): void {
  for (const name of cacheVariables(config.layers)) ops.assign(name, gather(ops, ops.read(name), rows))
}

/** Copies rows to others, [any number] each. */
export function copyInCache({ ops, config }: ModelContext, from: Value, to: Value): void {
  for (const name of cacheVariables(config.layers)) ops.scatterRows(name, to, gather(ops, ops.read(name), from))
}

export function cacheVariables(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => [`k.${layer}`, `v.${layer}`]).flat()
}
