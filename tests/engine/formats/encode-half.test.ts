import { expect, test } from 'vitest'
import { decodeBf16, decodeF16, encodeBf16, encodeF16, HALF_VALUES } from '../../../services/engine/formats/half.ts'

test('every half is written back as itself', () => {
  const bytes = encodeF16(HALF_VALUES)
  const again = new Float32Array(HALF_VALUES.length)
  decodeF16(bytes, again)
  expect(again).toEqual(HALF_VALUES)
})

test('numbers between two halves go to the nearest, ties to the even one', () => {
  const read = (value: number) => {
    const out = new Float32Array(1)
    decodeF16(encodeF16(new Float32Array([value])), out)
    return out[0]
  }
  const step = 2 ** -10
  expect(read(1 + 0.49 * step)).toBe(1)
  expect(read(1 + 0.5 * step)).toBe(1)
  expect(read(1 + 1.5 * step)).toBe(1 + 2 * step)
  expect(read(2 - 0.1 * step)).toBe(2)
  expect(read(-3e-8)).toBe(-(2 ** -24) * 1)
  expect(read(65519)).toBe(65504)
  expect(read(65520)).toBe(Infinity)
})

test('numbers between two bfloat16 go to the nearest, ties to the even one', () => {
  const step = 2 ** -7
  const values = [1 + 0.49 * step, 1 + 0.5 * step, 1 + 1.5 * step, 2 - 0.1 * step, -3e38, 0]
  const out = new Float32Array(values.length)
  decodeBf16(encodeBf16(new Float32Array(values)), out)
  expect([...out.slice(0, 4)]).toEqual([1, 1, 1 + 2 * step, 2])
  expect(Math.abs((out[4] ?? 0) / -3e38 - 1)).toBeLessThan(2 ** -8)
  expect(out[5]).toBe(0)
})
