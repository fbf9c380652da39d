// An adapter cut to a lower rank: nothing is lost where it had no more, the nearest is found where it had, and the error told
// is that of the updates themselves.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scaleAdapter } from '../../../services/engine/adapter/adapter.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { combineAdapters } from '../../../services/engine/adapter/combine.ts'
import { compressAdapter } from '../../../services/engine/adapter/compress.ts'
import { multiply } from '../../../services/engine/adapter/matrices.ts'
import { logitsOf } from '../../../services/engine/generate/logits.ts'
import { tensorflow } from '../../../services/engine/tensorflow.ts'
import { maxDifference, openTiny, relativeError } from '../tiny.ts'
import type { Tiny } from '../tiny.ts'

let tiny: Tiny
/** Of two adapters, one of them on two layers only. */
let sum: Adapter
beforeAll(async () => {
  tiny = await openTiny('llama-tied', 'graph')
  const { adapter, 'adapter-qv': onQueriesAndValues } = tiny.adapters
  sum = combineAdapters(tiny.source.config, [adapter, scaleAdapter(onQueriesAndValues, 0.5)])
})
afterAll(() => tiny.runtime.executor.close())

/** All updates scale B A, one after another. */
function updatesOf({ config, tensors }: Adapter): number[] {
  return [...tensors].flatMap(([name, a]) => {
    const b = tensors.get(name.replace(/A$/, 'B'))
    if (!name.endsWith('.lora_A') || !b) return []
    return [...multiply(b, a).data].map((value) => (value * config.alpha) / config.rank)
  })
}

function logits(adapter: Adapter): number[] {
  const positions = tiny.golden.rows.map((row) => row.map((_, position) => position))
  return logitsOf(tiny.runtime, tiny.golden.rows, positions, adapter).flatMap((row) => [...row])
}

it('loses nothing where the sum holds no more than the rank', async () => {
  const { config } = tiny.source
  const { adapter } = tiny.adapters
  // Ten times the same adapter has the rank of one.
  const many = combineAdapters(config, new Array<Adapter>(10).fill(scaleAdapter(adapter, 0.1)))
  const { adapter: small, error } = await compressAdapter(config, many, adapter.config.rank)
  expect(small.config.rank).toBe(adapter.config.rank)
  expect(error).toBeLessThan(1e-5)
  expect(maxDifference(logits(small), logits(adapter))).toBeLessThan(1e-3)
  expect((await compressAdapter(config, adapter, adapter.config.rank)).adapter).toBe(adapter)
})

it('tells the error that its updates have, smaller for a higher rank', async () => {
  let last = 1
  for (const rank of [1, 2, 3]) {
    const { adapter, error } = await compressAdapter(tiny.source.config, scaleAdapter(sum, 0.7), rank)
    expect(adapter.config).toMatchObject({ rank, targets: sum.config.targets })
    const measured = relativeError(updatesOf(adapter), updatesOf(scaleAdapter(sum, 0.7)))
    expect(measured).toBeCloseTo(error, 4)
    expect(error).toBeGreaterThan(0)
    expect(error).toBeLessThan(last)
    last = error
  }
})

it('leaks no tensor and ends with the signal', async () => {
  const { config } = tiny.source
  await compressAdapter(config, sum, 2)
  const before = tensorflow().getNumOfTensors()
  await compressAdapter(config, sum, 2)
  expect(tensorflow().getNumOfTensors()).toBe(before)
  const reason = new Error('enough')
  await expect(compressAdapter(config, sum, 2, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
