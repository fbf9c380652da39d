// The slow and obviously right generation: no cache, no batch, the whole sequence again for every token. Tests hold the
// fast one against it.
import type { Adapter } from '../adapter/adapter.ts'
import type { Runtime } from '../model/runtime.ts'
import { logitsOf } from './logits.ts'

/** Greedy continuation of one prompt. */
export function naiveGenerate(
  runtime: Runtime,
  prompt: readonly number[],
  options: { tokensMax: number; endIds: readonly number[]; adapter?: Adapter | null },
): number[] {
  const tokens = [...prompt]
  for (let count = 0; count < options.tokensMax; count++) {
    const [row] = logitsOf(runtime, [tokens], [[tokens.length - 1]], options.adapter ?? null)
    if (!row) break
    const best = row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity))
    tokens.push(best)
    if (options.endIds.includes(best)) break
  }
  return tokens.slice(prompt.length)
}
