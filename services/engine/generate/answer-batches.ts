// Prompts with given answers as batches whose label rows are the answers' tokens: what scoring, teaching and measuring
// divergence run on.
import type { ScoreRow } from '../engine.ts'
import { batchByLength } from './batch-by-length.ts'
import type { Runtime } from '../model/runtime.ts'
import { vectorInt } from '../model/sequences.ts'
import type { HostArray } from '../ops/executor.ts'

export interface AnswerBatch {
  feeds: Record<string, HostArray>
  /** Of each answer in it: its place in the caller's list, the index of its first label row, and its tokens. */
  answers: { index: number; firstLabel: number; tokens: number }[]
  labels: number
}

/**
 * At most `rowsMax` rows and `tokensMax` padded tokens a batch, made one at a time: a batch brings its tables of positions.
 * @throws RangeError before the first batch, for an empty prompt or answer, or one that is too long for the base.
 */
export function* answerBatches(
  runtime: Runtime,
  rows: readonly ScoreRow[],
  { rowsMax, tokensMax }: { rowsMax: number; tokensMax: number },
): Generator<AnswerBatch> {
  rows.forEach(({ prompt, answer }, index) => {
    if (prompt.length === 0 || answer.length === 0) throw new RangeError(`row ${index} has an empty prompt or answer`)
    if (prompt.length + answer.length > runtime.config.positionsMax)
      throw new RangeError(`row ${index} is longer than the base's ${runtime.config.positionsMax} positions`)
  })
  // The last token of the answer predicts nothing that is asked for.
  const inputs = rows.map(({ prompt, answer }) => [...prompt, ...answer.slice(0, -1)])
  for (const batch of batchByLength(inputs, rowsMax, tokensMax)) {
    const sequences = runtime.batch(batch.map(({ tokens }) => tokens))
    const labelRows: number[] = []
    const targets: number[] = []
    const answers = batch.map(({ index }, place) => {
      const { prompt, answer } = rows[index] ?? { prompt: [], answer: [] }
      const firstLabel = labelRows.length
      answer.forEach((token, offset) => {
        labelRows.push(place * sequences.length + prompt.length - 1 + offset)
        targets.push(token)
      })
      return { index, firstLabel, tokens: answer.length }
    })
    const feeds = { ...sequences.feeds, labelRows: vectorInt(labelRows), targets: vectorInt(targets) }
    yield { feeds, answers, labels: labelRows.length }
  }
}
