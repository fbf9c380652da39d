// GGML's block formats to plain floats: one tight loop per format, since a base is loaded through these and 135M
// weights must pass in well under a second. The layouts are those of ggml's `dequantize_row_*`; all intermediate
// products are exact in a double, so results are bit-equal to the reference's float32 arithmetic.
import { decodeBf16, decodeF16, decodeF32, HALF_VALUES } from './half.ts'

interface BlockFormat {
  name: string
  /** Weights of one block. */
  values: number
  /** Bytes of one block. */
  bytes: number
  decode(bytes: Uint8Array, out: Float32Array): void
}

/** The formats we read, by GGML's type number. */
const FORMATS = new Map<number, BlockFormat>([
  [0, { name: 'F32', values: 1, bytes: 4, decode: decodeF32 }],
  [1, { name: 'F16', values: 1, bytes: 2, decode: decodeF16 }],
  [2, { name: 'Q4_0', values: 32, bytes: 18, decode: decodeQ4_0 }],
  [3, { name: 'Q4_1', values: 32, bytes: 20, decode: decodeQ4_1 }],
  [6, { name: 'Q5_0', values: 32, bytes: 22, decode: decodeQ5_0 }],
  [7, { name: 'Q5_1', values: 32, bytes: 24, decode: decodeQ5_1 }],
  [8, { name: 'Q8_0', values: 32, bytes: 34, decode: decodeQ8_0 }],
  [12, { name: 'Q4_K', values: 256, bytes: 144, decode: decodeQ4_K }],
  [13, { name: 'Q5_K', values: 256, bytes: 176, decode: decodeQ5_K }],
  [14, { name: 'Q6_K', values: 256, bytes: 210, decode: decodeQ6_K }],
  [30, { name: 'BF16', values: 1, bytes: 2, decode: decodeBf16 }],
])

/** Names of formats that exist but are not read, so that a refusal can say which it met. */
const UNREAD = new Map<number, string>(
  Object.entries({
    ...{ 9: 'Q8_1', 10: 'Q2_K', 11: 'Q3_K', 15: 'Q8_K', 16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S' },
    ...{ 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S', 23: 'IQ4_XS', 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64' },
    ...{ 28: 'F64', 29: 'IQ1_M', 34: 'TQ1_0', 35: 'TQ2_0', 39: 'MXFP4' },
  }).map(([type, name]) => [Number(type), name]),
)

export function ggmlTypeName(type: number): string {
  return FORMATS.get(type)?.name ?? UNREAD.get(type) ?? `type ${type}`
}

/** Whether tensors of this GGML type can be dequantised. */
export function canDequantize(type: number): boolean {
  return FORMATS.has(type)
}

/** Bytes that `count` weights of a GGML type take. Throws for a type we do not read. */
export function quantizedBytes(type: number, count: number): number {
  const format = getFormat(type)
  if (count % format.values !== 0) throw new Error(`${count} weights do not fill whole ${format.name} blocks`)
  return (count / format.values) * format.bytes
}

/** `count` weights from their blocks. Throws for a type we do not read and for too few bytes. */
export function dequantize(type: number, bytes: Uint8Array, count: number): Float32Array {
  const needed = quantizedBytes(type, count)
  if (bytes.length < needed)
    throw new Error(`${ggmlTypeName(type)} data ends early: ${bytes.length} of ${needed} bytes`)
  const out = new Float32Array(count)
  getFormat(type).decode(bytes, out)
  return out
}

function getFormat(type: number): BlockFormat {
  const format = FORMATS.get(type)
  if (!format) throw new Error(`unsupported weight format ${ggmlTypeName(type)}`)
  return format
}

// Below, `?? 0` satisfies the type checker's view of typed arrays; the engine drops it.

function half(bytes: Uint8Array, at: number): number {
  return HALF_VALUES[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0
}

/** Block of 32: scale d; 16 bytes, low nibbles first; value d * (q - 8). */
function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 32, at += 18) {
    const d = half(bytes, at)
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 2 + j] ?? 0
      out[o + j] = ((q & 15) - 8) * d
      out[o + 16 + j] = ((q >> 4) - 8) * d
    }
  }
}

/** Block of 32: scale d, minimum m; value d * q + m. */
function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 32, at += 20) {
    const d = half(bytes, at)
    const m = half(bytes, at + 2)
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 4 + j] ?? 0
      out[o + j] = (q & 15) * d + m
      out[o + 16 + j] = (q >> 4) * d + m
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

/** As Q4_0 with a fifth bit from a 32-bit word; value d * (q - 16). */
function decodeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 32, at += 22) {
    const d = half(bytes, at)
    const high = word(bytes, at + 2)
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 6 + j] ?? 0
      out[o + j] = (((q & 15) | (((high >>> j) & 1) << 4)) - 16) * d
      out[o + 16 + j] = (((q >> 4) | (((high >>> (j + 16)) & 1) << 4)) - 16) * d
    }
  }
}

/** As Q4_1 with a fifth bit; value d * q + m. */
function decodeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 32, at += 24) {
    const d = half(bytes, at)
    const m = half(bytes, at + 2)
    const high = word(bytes, at + 4)
    for (let j = 0; j < 16; j++) {
      const q = bytes[at + 8 + j] ?? 0
      out[o + j] = ((q & 15) | (((high >>> j) & 1) << 4)) * d + m
      out[o + 16 + j] = ((q >> 4) | (((high >>> (j + 16)) & 1) << 4)) * d + m
    }
  }
}

/** Block of 32: scale d and 32 signed bytes. */
function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 32, at += 34) {
    const d = half(bytes, at)
    for (let j = 0; j < 32; j++) out[o + j] = (((bytes[at + 2 + j] ?? 0) << 24) >> 24) * d
  }
}

/** Scale j (of 8, six bits each) of a Q4_K or Q5_K block; its 12 bytes begin at `at`. */
function scaleK(bytes: Uint8Array, at: number, j: number): number {
  if (j < 4) return (bytes[at + j] ?? 0) & 63
  return ((bytes[at + j + 4] ?? 0) & 15) | (((bytes[at + j - 4] ?? 0) >> 6) << 4)
}

/** Minimum j (of 8, six bits each) of the same 12 bytes. */
function minimumK(bytes: Uint8Array, at: number, j: number): number {
  if (j < 4) return (bytes[at + j + 4] ?? 0) & 63
  return ((bytes[at + j + 4] ?? 0) >> 4) | (((bytes[at + j] ?? 0) >> 6) << 4)
}

/** Block of 256 in 8 groups of 32: d, dmin, 12 bytes of scales and minima, 128 bytes of nibbles. */
function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 256, at += 144) {
    const d = half(bytes, at)
    const dmin = half(bytes, at + 2)
    for (let pair = 0; pair < 4; pair++) {
      const d1 = d * scaleK(bytes, at + 4, 2 * pair)
      const m1 = dmin * minimumK(bytes, at + 4, 2 * pair)
      const d2 = d * scaleK(bytes, at + 4, 2 * pair + 1)
      const m2 = dmin * minimumK(bytes, at + 4, 2 * pair + 1)
      const from = at + 16 + 32 * pair
      const to = o + 64 * pair
      for (let j = 0; j < 32; j++) {
        const q = bytes[from + j] ?? 0
        out[to + j] = d1 * (q & 15) - m1
        out[to + 32 + j] = d2 * (q >> 4) - m2
      }
    }
  }
}

/** As Q4_K with a fifth bit from 32 bytes, bit 2 * pair for low nibbles and 2 * pair + 1 for high ones. */
function decodeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 256, at += 176) {
    const d = half(bytes, at)
    const dmin = half(bytes, at + 2)
    for (let pair = 0; pair < 4; pair++) {
      const d1 = d * scaleK(bytes, at + 4, 2 * pair)
      const m1 = dmin * minimumK(bytes, at + 4, 2 * pair)
      const d2 = d * scaleK(bytes, at + 4, 2 * pair + 1)
      const m2 = dmin * minimumK(bytes, at + 4, 2 * pair + 1)
      const from = at + 48 + 32 * pair
      const to = o + 64 * pair
      for (let j = 0; j < 32; j++) {
        const q = bytes[from + j] ?? 0
        const high = (bytes[at + 16 + j] ?? 0) >> (2 * pair)
        out[to + j] = d1 * ((q & 15) | ((high & 1) << 4)) - m1
        out[to + 32 + j] = d2 * ((q >> 4) | ((high & 2) << 3)) - m2
      }
    }
  }
}

/** Block of 256 in 16 groups of 16: 128 bytes of low nibbles, 64 of high bit pairs, 16 signed scales, d. */
function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  for (let o = 0, at = 0; o < out.length; o += 256, at += 210) {
    const d = half(bytes, at + 208)
    for (let part = 0; part < 2; part++) {
      const low = at + 64 * part
      const high = at + 128 + 32 * part
      const scales = at + 192 + 8 * part
      const to = o + 128 * part
      for (let j = 0; j < 32; j++) {
        const group = scales + (j >> 4)
        const a = bytes[low + j] ?? 0
        const b = bytes[low + 32 + j] ?? 0
        const h = bytes[high + j] ?? 0
        out[to + j] = d * signed(bytes, group) * (((a & 15) | ((h & 3) << 4)) - 32)
        out[to + 32 + j] = d * signed(bytes, group + 2) * (((b & 15) | (((h >> 2) & 3) << 4)) - 32)
        out[to + 64 + j] = d * signed(bytes, group + 4) * (((a >> 4) | (((h >> 4) & 3) << 4)) - 32)
        out[to + 96 + j] = d * signed(bytes, group + 6) * (((b >> 4) | ((h >> 6) << 4)) - 32)
      }
    }
  }
}

function signed(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) >> 24
}
