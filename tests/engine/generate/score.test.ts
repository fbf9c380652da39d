// Scoring in batches: what a row is given does not depend on the rows beside it, and what cannot be scored is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { score } from '../../../services/engine/generate/score.ts'
import { maxDifference, openTiny } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

let tiny: Tiny
beforeAll(async () => {
  tiny = await openTiny('llama-tied', 'graph')
})
afterAll(() => {
  tiny.runtime.executor.close()
  tiny.source.close()
})

/** Rows of every length, shuffled, more than one batch takes. */
function manyRows() {
  const { vocabSize } = tiny.source.config
  const token = (row: number, place: number) => (row * 37 + place * 11) % vocabSize
  return Array.from({ length: 70 }, (_, row) => ({
    prompt: Array.from({ length: 1 + ((row * 13) % 17) }, (_, place) => token(row, place)),
    answer: Array.from({ length: 1 + ((row * 7) % 9) }, (_, place) => token(row + 1, place)),
  }))
}

describe('scores', () => {
  it('come in the order of the rows and are those of each row by itself', async () => {
    const rows = manyRows()
    const together = await score(tiny.runtime, rows)
    const alone = []
    for (const row of rows) alone.push(...(await score(tiny.runtime, [row])))
    expect(together.map(({ tokens }) => tokens)).toEqual(rows.map(({ answer }) => answer.length))
    const logprobs = [together, alone].map((scores) => scores.map(({ logprob }) => logprob))
    expect(maxDifference(logprobs[0] ?? [], logprobs[1] ?? [])).toBeLessThan(1e-3)
  })

  it('are refused for what is empty or too long, and end with the signal', async () => {
    const { positionsMax } = tiny.source.config
    const long = { prompt: new Array<number>(positionsMax).fill(1), answer: [1] }
    for (const row of [{ prompt: [], answer: [1] }, { prompt: [1], answer: [] }, long])
      await expect(score(tiny.runtime, [{ prompt: [1], answer: [2] }, row])).rejects.toThrow(/row 1/)
    const reason = new Error('enough')
    const scoring = score(tiny.runtime, manyRows(), { signal: AbortSignal.abort(reason) })
    await expect(scoring).rejects.toBe(reason)
  })
})
