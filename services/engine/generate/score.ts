// log p(answer | prompt) of given answers: one forward pass over prompt and answer, the head on the answer's rows only.
import { setImmediate } from 'node:timers/promises'
import type { Score, ScoreOptions, ScoreRow } from '../engine.ts'
import type { Runtime } from '../model/runtime.ts'
import { vectorInt } from '../model/sequences.ts'
import { batchByLength } from './batches.ts'

const ROWS_MAX = 32
const TOKENS_MAX = 2048

/** @throws RangeError for an empty prompt or answer, or one that is too long for the base. */
export async function score(runtime: Runtime, rows: readonly ScoreRow[], options: ScoreOptions = {}): Promise<Score[]> {
  rows.forEach(({ prompt, answer }, index) => {
    if (prompt.length === 0 || answer.length === 0) throw new RangeError(`row ${index} has an empty prompt or answer`)
    if (prompt.length + answer.length > runtime.config.positionsMax)
      throw new RangeError(`row ${index} is longer than the base's ${runtime.config.positionsMax} positions`)
  })
  const scores = new Array<Score>(rows.length)
  // The last token of the answer predicts nothing that is asked for.
  const inputs = rows.map(({ prompt, answer }) => [...prompt, ...answer.slice(0, -1)])
  for (const batch of batchByLength(inputs, ROWS_MAX, TOKENS_MAX)) {
    options.signal?.throwIfAborted()
    const suffix = runtime.use(options.adapter ?? null)
    const sequences = runtime.batch(batch.map(({ tokens }) => tokens))
    const labelRows: number[] = []
    const targets: number[] = []
    batch.forEach(({ index }, place) => {
      const row = rows[index]
      row?.answer.forEach((token, offset) => {
        labelRows.push(place * sequences.length + row.prompt.length - 1 + offset)
        targets.push(token)
      })
    })
    const feeds = { ...sequences.feeds, labelRows: vectorInt(labelRows), targets: vectorInt(targets) }
    const losses = runtime.executor.run(`score_${suffix}`, feeds, ['losses'])['losses']?.data ?? []
    let next = 0
    for (const { index } of batch) {
      const tokens = rows[index]?.answer.length ?? 0
      let logprob = 0
      for (let offset = 0; offset < tokens; offset++) logprob -= losses[next++] ?? 0
      scores[index] = { logprob, tokens }
    }
    await setImmediate()
  }
  return scores
}
