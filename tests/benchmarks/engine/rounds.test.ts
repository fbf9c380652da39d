import { expect, test } from 'vitest'
import { trainingFlops } from './flops.ts'
import { ratiosOf, spreadOf } from './rounds.ts'

test('a ratio is taken within a round, against the best of the others', () => {
  const ours = { name: 'ours', rates: [20, 10, 40] }
  const slow = { name: 'slow', rates: [5, 5, 5] }
  const fast = { name: 'fast', rates: [10, 5, 8] }
  expect(ratiosOf(ours, [slow, fast])).toEqual({ over: 'fast', ratios: [2, 2, 5] })
})

test('a contender that failed half-way is compared on the rounds that it finished', () => {
  const failed = { name: 'failed', rates: [10], error: 'out of memory' }
  expect(ratiosOf({ name: 'ours', rates: [20, 30] }, [failed])?.ratios).toEqual([2])
  expect(ratiosOf({ name: 'ours', rates: [20, 30] }, [{ name: 'none', rates: [] }])).toBeUndefined()
})

test('the median of an even number of rounds is the mean of the middle two', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 })
  expect(spreadOf([])).toBeUndefined()
})

test('operations of a training step agree with a count by hand', () => {
  const config = {
    family: 'llama' as const,
    layers: 1,
    hiddenSize: 4,
    mlpSize: 8,
    heads: 2,
    kvHeads: 1,
    headSize: 2,
    vocabSize: 10,
    positionsMax: 16,
    normEpsilon: 1e-5,
    ropeTheta: 1e4,
    ropeScaling: null,
    tiedEmbeddings: true,
    attentionBias: false,
    qkNorm: false,
  }
  // One row that runs two positions and carries loss on one of them.
  const flops = trainingFlops(config, 1, [{ tokens: [1, 2, 3], lossFrom: 2 }])
  // q 4x4, k and v 2x4, o 4x4, gate and up 8x4, down 4x8: 144 frozen weights, 32 of them read the first layer's input.
  const frozen = 2 * (2 * 144 - 32)
  // Inputs and outputs of the seven linears: 8 + 6 + 6 + 8 + 12 + 12 + 12 = 64 LoRA weights at rank 1.
  const lora = 2 * 3 * 64
  const head = 2 * 2 * 4 * 10
  // Position 0 sees one position, position 1 two; 12 operations a pair, head and feature.
  const attention = 12 * 3 * 2 * 2
  expect(flops).toBe(2 * (frozen + lora) + head + attention)
})
