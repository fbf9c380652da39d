// How far an adapter has moved a base: KL(base || base with adapter) over the tokens of given answers. Both run in one
// call and only their divergence leaves it; over the whole vocabulary, so no cut to the likeliest tokens hides anything.
// It predicts forgetting (RL's Razor, arXiv 2509.04259) and is one of STABLE's gates (arXiv 2510.16089, in bits there).
import { setImmediate } from 'node:timers/promises'
import type { Adapter } from '../adapter/adapter.ts'
import type { ScoreRow } from '../engine.ts'
import { answerBatches } from '../generate/answer-batches.ts'
import type { Runtime } from '../model/runtime.ts'
import { scalarFloat, scalarInt } from '../model/sequences.ts'

/** Two heads' logits and log-probabilities are held at once: 512 labels of a vocabulary of 49152 are 100 MB each. */
const LIMITS = { rowsMax: 16, tokensMax: 512 }

/**
 * Mean over all answers' tokens, nats a token (divide by ln 2 for bits).
 * @throws RangeError when there is no row, or one is empty or too long for the base.
 */
export async function divergence(
  runtime: Runtime,
  rows: readonly ScoreRow[],
  adapter: Adapter,
  signal?: AbortSignal,
): Promise<number> {
  if (rows.length === 0) throw new RangeError('divergence of no rows')
  let total = 0
  let tokens = 0
  for (const { feeds, labels } of answerBatches(runtime, rows, LIMITS)) {
    signal?.throwIfAborted()
    runtime.use(adapter)
    // What teaching would need is not computed.
    const fed = { ...feeds, temperature: scalarFloat(1), k: scalarInt(1) }
    const { divergences } = runtime.executor.run('teach_lora', fed, ['divergences'])
    for (const value of divergences?.data ?? []) total += value
    tokens += labels
    await setImmediate()
  }
  return total / tokens
}
