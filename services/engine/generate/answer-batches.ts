// Prompts with given answers as batches whose label rows are the answers' tokens: what teaching and measuring divergence
// run on.
import type { ScoreRow } from '../engine.ts'
import { batchByLength } from '../generate/batches.ts'
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
 * At most `rowsMax` rows and `tokensMax` padded tokens a batch.
 * @throws RangeError for an empty prompt or answer, or one that is too long for the base.
 */
export function answerBatches(
  runtime: Runtime,
  rows: readonly ScoreRow[],
  { rowsMax, tokensMax }: { rowsMax: number; tokensMax: number },
): AnswerBatch[] {
  rows.forEach(({ prompt, answer }, index) => {
    if (prompt.length === 0 || answer.length === 0) throw new RangeError(`row ${index} has an empty prompt or answer`)
    if (prompt.length + answer.length > runtime.config.positionsMax)
      throw new RangeError(`row ${index} is longer than the base's ${runtime.config.positionsMax} positions`)
  })
  // The last token of the answer predicts nothing that is asked for.
  const inputs = rows.map(({ prompt, answer }) => [...prompt, ...answer.slice(0, -1)])
  return batchByLength(inputs, rowsMax, tokensMax).map((batch) => {
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
    return { feeds, answers, labels: labelRows.length }
  })
}
