import { expect, test } from 'vitest'
import { packsWeights } from '../../../services/engine/ops/packs-weights.ts'

const cpuinfo = (flags: string) => `processor\t: 0\nmodel name\t: a CPU\nflags\t\t: ${flags}\nbugs\t\t:\n`

test('weights are packed only on a CPU that oneDNN has bfloat16 kernels for', () => {
  expect(packsWeights(cpuinfo('fpu sse2 avx2 fma'))).toBe(false)
  expect(packsWeights(cpuinfo('fpu avx2 avx512f'))).toBe(false)
  expect(packsWeights(cpuinfo('fpu avx2 avx512f avx512bw avx512_bf16'))).toBe(true)
})

test('a CPU that is described in another way gets plain products', () => {
  expect(packsWeights('processor\t: 0\nFeatures\t: fp asimd bf16\n')).toBe(false)
  expect(packsWeights('')).toBe(false)
})
