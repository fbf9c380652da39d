// Rows that share their beginnings against the same rows side by side. What is compared are float32 sums taken in another
// order, on numbers of which the golden tests allow 1e-3.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gradientsOf } from '../../../services/engine/train/train.ts'
import { openTiny, relativeError, TINY_NAMES } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

/** Two pairs begin alike, one row is the beginning of another, one stands twice, one has nothing in common. */
const ROWS = [
  [1, 5, 9, 2, 7, 3],
  [1, 5, 9, 2, 8],
  [1, 5, 9, 4, 7, 3, 6, 2],
  [1, 5, 9, 2],
  [1, 5, 9, 2, 8],
  [3, 5, 9, 2],
]

describe.each(TINY_NAMES.flatMap((name) => (['eager', 'graph'] as const).map((executor) => ({ name, executor }))))(
  '$name, $executor',
  ({ name, executor }) => {
    let tiny: Tiny
    beforeAll(async () => {
      tiny = await openTiny(name, executor)
    })
    afterAll(() => tiny.runtime.executor.close())

    it('gives the loss and the gradients of rows side by side', () => {
      const { runtime, adapters } = tiny
      const examples = ROWS.map((tokens) => ({ tokens, lossFrom: 2 }))
      const shared = gradientsOf(runtime, adapters.adapter, examples)
      const apart = gradientsOf({ ...runtime, batchSharing: runtime.batch }, adapters.adapter, examples)
      expect(Math.abs(shared.loss - apart.loss)).toBeLessThan(1e-5 * apart.loss)
      for (const [tensor, { data }] of apart.gradients)
        expect(relativeError(shared.gradients.get(tensor)?.data ?? new Float32Array(0), data), tensor).toBeLessThan(
          1e-4,
        )
    })
  },
)

describe('places', () => {
  let tiny: Tiny
  beforeAll(async () => {
    tiny = await openTiny(TINY_NAMES[0], 'eager')
  })
  afterAll(() => tiny.runtime.executor.close())

  it('hold every row, and what rows begin with once', () => {
    const { feeds, tokens, placeOf } = tiny.runtime.batchSharing(ROWS)
    expect(ROWS.map((row, index) => row.map((_, position) => feeds.ids.data[placeOf(index, position)]))).toEqual(ROWS)
    expect(new Set(ROWS.flatMap((row, index) => row.map((_, position) => placeOf(index, position)))).size).toBe(tokens)
    // Prefixes that differ.
    expect(tokens).toBe(new Set(ROWS.flatMap((row) => row.map((_, end) => row.slice(0, end + 1).join()))).size)
  })

  it('are those of rows side by side where nothing is shared', () => {
    const apart = [
      [1, 2, 3],
      [2, 3, 4],
    ]
    expect(tiny.runtime.batchSharing(apart).feeds).toEqual(tiny.runtime.batch(apart).feeds)
  })
})
