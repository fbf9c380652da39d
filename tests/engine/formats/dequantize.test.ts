import { describe, expect, test } from 'vitest'
import { canDequantize, dequantize, quantizedBytes } from '../../../services/engine/formats/dequantize.ts'
import { decodeBf16, HALF_VALUES } from '../../../services/engine/formats/half.ts'
import { readGolden } from '../golden-files.ts'

type Blocks = Record<string, { type: number; count: number; bytes: string; values: string }>
const golden = readGolden('dequantize.json') as Blocks

describe('dequantize', () => {
  test.each(Object.entries(golden))('%s blocks are bit-equal to the reference', (_name, blocks) => {
    const bytes = Buffer.from(blocks.bytes, 'base64')
    const wanted = Buffer.from(blocks.values, 'base64')
    const found = dequantize(blocks.type, bytes, blocks.count)
    expect(quantizedBytes(blocks.type, blocks.count)).toBe(bytes.length)
    // Compared as numbers: -0 and 0 are the same weight.
    expect([...found].map((x) => x + 0)).toEqual(
      Array.from({ length: blocks.count }, (_, i) => wanted.readFloatLE(4 * i) + 0),
    )
  })

  test('all eleven promised formats are there', () => {
    const names = ['F32', 'F16', 'BF16', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K']
    expect(Object.keys(golden).sort()).toEqual([...names].sort())
    expect(Object.values(golden).every(({ type }) => canDequantize(type))).toBe(true)
  })

  test('a format we do not read is refused by its name', () => {
    expect(() => dequantize(10, new Uint8Array(84), 256)).toThrow('unsupported weight format Q2_K')
    expect(() => dequantize(23, new Uint8Array(136), 256)).toThrow('unsupported weight format IQ4_XS')
    expect(() => dequantize(77, new Uint8Array(100), 32)).toThrow('unsupported weight format type 77')
  })

  test('blocks that end early and broken block counts are errors, not zeros', () => {
    expect(() => dequantize(8, new Uint8Array(33), 32)).toThrow('Q8_0 data ends early: 33 of 34 bytes')
    expect(() => dequantize(8, new Uint8Array(34), 31)).toThrow('31 weights do not fill whole Q8_0 blocks')
  })
})

describe('16-bit floats', () => {
  test('halves have their IEEE values at the edges', () => {
    expect(HALF_VALUES[0x3c00]).toBe(1)
    expect(HALF_VALUES[0xc000]).toBe(-2)
    expect(HALF_VALUES[0x0001]).toBe(2 ** -24)
    expect(HALF_VALUES[0x03ff]).toBeCloseTo(6.0975552e-5, 12)
    expect(HALF_VALUES[0x7bff]).toBe(65504)
    expect(HALF_VALUES[0x7c00]).toBe(Infinity)
    expect(HALF_VALUES[0x7c01]).toBeNaN()
  })

  test('bfloat16 is the upper half of a float', () => {
    const out = new Float32Array(2)
    decodeBf16(Uint8Array.of(0x80, 0x3f, 0x49, 0xc0), out)
    expect([...out]).toEqual([1, -3.140625])
  })
})
