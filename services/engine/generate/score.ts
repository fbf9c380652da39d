// log p(answer | prompt) of given answers: one forward pass over prompt and answer, the head on the answer's rows only.
import { setImmediate } from 'node:timers/promises'
import type { Score, ScoreOptions, ScoreRow } from '../engine.ts'
import type { Runtime } from '../model/runtime.ts'
import { answerBatches } from './answer-batches.ts'

const LIMITS = { rowsMax: 32, tokensMax: 2048 }

/** @throws RangeError for an empty prompt or answer, or one that is too long for the base. */
export async function score(
  runtime: Runtime,
  rows: readonly ScoreRow[],
  { adapter = null, signal }: ScoreOptions = {},
): Promise<Score[]> {
  const scores = new Array<Score>(rows.length)
  for (const { feeds, answers } of answerBatches(runtime, rows, LIMITS)) {
    signal?.throwIfAborted()
    const suffix = runtime.use(adapter)
    const { losses } = runtime.executor.run(`score_${suffix}`, feeds, ['losses'])
    for (const { index, firstLabel, tokens } of answers) {
      let logprob = 0
      for (let label = firstLabel; label < firstLabel + tokens; label++) logprob -= losses?.data[label] ?? 0
      scores[index] = { logprob, tokens }
    }
    await setImmediate()
  }
  return scores
}
