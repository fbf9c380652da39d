import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recoverRopeScaling, ropeDivisors } from '../../../services/engine/base/rope-scaling.ts'
import { openGguf } from '../../../services/engine/formats/gguf.ts'
import { goldenPath } from '../golden-files.ts'

const llama31 = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalPositions: 8192 }
const llama32 = { ...llama31, factor: 32 }

describe("Llama 3's rope scaling, from the divisors in a GGUF file", () => {
  test.each([
    ['3.1', llama31, 128],
    ['3.2', llama32, 64],
  ])("Llama %s's own parameters are recovered", (_name, scaling, headSize) => {
    expect(recoverRopeScaling(Float32Array.from(ropeDivisors(scaling, 500000, headSize)), 500000, headSize)).toEqual(
      scaling,
    )
  })

  test('the divisors equal those of transformers', () => {
    const gguf = openGguf(goldenPath('models', 'llama3-untied.Q8_0.gguf'))
    const wanted = [...gguf.read('rope_freqs.weight').data]
    gguf.close()
    const found = ropeDivisors({ ...llama31, originalPositions: 64 }, 10000, 16)
    expect(new Set(wanted.map((x) => x.toFixed(3))).size).toBeGreaterThan(2)
    // float32 numbers, computed in float32: seven digits less one.
    found.forEach((divisor, i) => expect(divisor / (wanted[i] ?? 0)).toBeCloseTo(1, 5))
  })

  test('whatever thresholds made the divisors, the recovered ones make the same', () => {
    const thresholds = fc.record({
      factor: fc.integer({ min: 2, max: 64 }),
      lowFreqFactor: fc.integer({ min: 1, max: 4 }),
      originalPositions: fc.constantFrom(1024, 4096, 8192, 32768),
    })
    fc.assert(
      fc.property(thresholds, fc.integer({ min: 4, max: 12 }), (scaling, width) => {
        const made = { ...scaling, highFreqFactor: scaling.lowFreqFactor + width }
        const divisors = Float32Array.from(ropeDivisors(made, 500000, 128))
        const recovered = recoverRopeScaling(divisors, 500000, 128)
        expect(recovered).not.toBeNull()
        if (recovered)
          ropeDivisors(recovered, 500000, 128).forEach((d, i) => expect(d / (divisors[i] ?? 0)).toBeCloseTo(1, 4))
      }),
    )
  })

  test('divisors of one are no scaling; others that no rule makes are refused', () => {
    expect(recoverRopeScaling(new Float32Array(32).fill(1), 10000, 64)).toBeNull()
    const odd = Float32Array.from({ length: 32 }, (_, i) => 1 + (i % 3))
    expect(() => recoverRopeScaling(odd, 10000, 64)).toThrow("rope_freqs.weight does not follow Llama 3's rule")
    expect(() => recoverRopeScaling(new Float32Array(16).fill(1), 10000, 64)).toThrow('unsupported rope scaling')
  })
})
