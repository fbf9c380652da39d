// The simulations where the answer is known without them.
import { expect, test } from 'vitest'
import { simulateCache, type CacheScene } from './simulate-cache.ts'
import { simulateQueue, type QueueScene } from './simulate-queue.ts'

const cache: CacheScene = {
  ...{ models: 50, documentsEach: 20, shards: 1, capacity: 250, modelSkew: 0, documentSkew: 0 },
  ...{ questions: 100_000, seed: 1 },
}

test('where all adapters are asked for alike, a cache of a quarter of them has a quarter of the questions', () => {
  expect(simulateCache(cache)).toBeCloseTo(0.25, 2)
  expect(simulateCache({ ...cache, capacity: 1000 })).toBe(1)
  expect(simulateCache({ ...cache, shards: 2, capacity: 125 })).toBeCloseTo(0.25, 2)
})

test('the more some are asked for than others, the more a cache of the same size has', () => {
  const rates = [0, 0.5, 1].map((documentSkew) => simulateCache({ ...cache, documentSkew, modelSkew: documentSkew }))
  expect(rates.toSorted((a, b) => a - b)).toEqual(rates)
  expect(rates[2]).toBeGreaterThan(0.5)
})

const queue: QueueScene = {
  ...{ models: 100_000, modelSkew: 0, trainers: 1, utilisation: 0.8, updateSeconds: 60, updates: 200_000, seed: 1 },
}

test('one trainer makes the waits of the M/M/1 queue: a fifth waits not at all, the median is known', () => {
  // P(wait > t) = rho exp(-(1 - rho) t / s), so the median is ln(2 rho) s / (1 - rho).
  const { p50Seconds, p95Seconds } = simulateQueue(queue)
  expect(p50Seconds / ((60 * Math.log(2 * 0.8)) / 0.2)).toBeCloseTo(1, 1)
  expect(p95Seconds / ((60 * Math.log(20 * 0.8)) / 0.2)).toBeCloseTo(1, 1)
})

test('trainers beyond the number of models stand idle while updates wait behind their own model', () => {
  const one = simulateQueue({ ...queue, models: 1, trainers: 4, utilisation: 0.2, updates: 20_000 })
  const many = simulateQueue({ ...queue, trainers: 4, utilisation: 0.2, updates: 20_000 })
  expect(one.p95Seconds).toBeGreaterThan(10 * Math.max(1, many.p95Seconds))
  expect(one.behindOwnModel).toBeGreaterThan(0.5)
  expect(many.behindOwnModel).toBeLessThan(0.01)
})
