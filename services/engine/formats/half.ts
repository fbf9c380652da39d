// 16-bit floats to and from 32. Node 20 has no Float16Array; a table of all 65,536 halves (256 KiB) turns a
// conversion into one load, which is what makes reading F16 files and quantised blocks memory-bound.

/** Value of every IEEE half, by its bits. */
export const HALF_VALUES: Float32Array = buildHalfValues()

function buildHalfValues(): Float32Array {
  const values = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) values[bits] = sign * fraction * 2 ** -24
    else if (exponent === 31) values[bits] = fraction ? NaN : sign * Infinity
    else values[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  return values
}

/** Little-endian F16 bytes to numbers; `out` has bytes.length / 2 places. */
export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  for (let i = 0, at = 0; i < out.length; i++, at += 2) {
    out[i] = HALF_VALUES[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0
  }
}

/** Little-endian BF16 bytes (the upper half of an F32) to numbers. */
export function decodeBf16(bytes: Uint8Array, out: Float32Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length)
  for (let i = 0, at = 0; i < out.length; i++, at += 2) {
    bits[i] = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 24)
  }
}

/** Little-endian F32 bytes to numbers (any alignment). */
export function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes.subarray(0, out.byteLength))
}

/** Numbers to little-endian F16 bytes, to the nearest half (ties to even); beyond 65504 it is infinite. */
export function encodeF16(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 2)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0, at = 0; i < values.length; i++, at += 2) {
    const half = halfOf(values[i] ?? 0, bits[i] ?? 0)
    bytes[at] = half & 0xff
    bytes[at + 1] = half >> 8
  }
  return bytes
}

/** Numbers to little-endian BF16 bytes, to the nearest (ties to even). */
export function encodeBf16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const rounded = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0
    rounded[i] = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return new Uint8Array(rounded.buffer)
}

function halfOf(value: number, bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const size = Math.abs(value)
  if (Number.isNaN(value)) return sign | 0x7e00
  // Below the smallest normal half, steps of 2^-24; adding and taking away 2^52 rounds ties to even.
  if (size < 2 ** -14) return sign | (size * 2 ** 24 + 2 ** 52 - 2 ** 52)
  if (size >= 65520) return sign | 0x7c00
  const exponent = ((bits >>> 23) & 0xff) - 127
  const fraction = (size / 2 ** exponent - 1) * 1024 + 2 ** 52 - 2 ** 52
  // A fraction rounded up to 1024 carries into the exponent by itself.
  return sign | (((exponent + 15) << 10) + fraction)
}
