// A teacher's next-token distributions at the tokens of given answers: base or adapter reads prompt and answer (with the
// document in the prompt, for context distillation) and its k likeliest tokens are kept at each.
import { setImmediate } from 'node:timers/promises'
import type { ScoreRow, TeachOptions, Teaching } from '../engine.ts'
import { answerBatches } from '../generate/answer-batches.ts'
import type { Runtime } from '../model/runtime.ts'
import { scalarFloat, scalarInt } from '../model/sequences.ts'

/** Half the tokens that scoring takes: the head's output is held once more, as log-probabilities. */
const LIMITS = { rowsMax: 32, tokensMax: 1024 }

/**
 * One teaching a row, `k` tokens (the vocabulary's size at most) for each token of its answer.
 * @throws RangeError for an empty or over-long row, k below 1 or a temperature that is not above 0.
 */
export async function teach(
  runtime: Runtime,
  rows: readonly ScoreRow[],
  { k: asked, temperature = 1, adapter = null, signal }: TeachOptions,
): Promise<Teaching[]> {
  if (!(asked >= 1) || !(temperature > 0)) throw new RangeError('k must be at least 1 and the temperature above 0')
  const k = Math.min(asked, runtime.config.vocabSize)
  const teachings = new Array<Teaching>(rows.length)
  for (const { feeds, answers } of answerBatches(runtime, rows, LIMITS)) {
    signal?.throwIfAborted()
    const suffix = runtime.use(adapter)
    const fed = { ...feeds, temperature: scalarFloat(temperature), k: scalarInt(k) }
    const out = runtime.executor.run(`teach_${suffix}`, fed, ['losses', 'logprobs', 'tokens'])
    for (const { index, firstLabel, tokens } of answers) {
      const [start, end] = [firstLabel * k, (firstLabel + tokens) * k]
      const logprobs = out['logprobs']?.data.subarray(start, end) ?? []
      teachings[index] = {
        k,
        temperature,
        tokens: Int32Array.from(out['tokens']?.data.subarray(start, end) ?? []),
        probabilities: Float32Array.from(logprobs, Math.exp),
        logprobs: Float32Array.from(
          out['losses']?.data.subarray(firstLabel, firstLabel + tokens) ?? [],
          (loss) => -loss,
        ),
      }
    }
    await setImmediate()
  }
  return teachings
}
