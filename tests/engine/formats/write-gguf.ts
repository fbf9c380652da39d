// The smallest writer of GGUF files, for tests: metadata of the types real files use, tensors as raw blocks.
export interface GgufFile {
  version?: number
  metadata: Record<string, GgufEntry>
  tensors: { name: string; shape: number[]; type: number; bytes: Uint8Array }[]
}

export type GgufEntry =
  | { u32: number }
  | { f32: number }
  | { u64: number }
  | { bool: boolean }
  | { string: string }
  | { strings: string[] }
  | { i32s: number[] }

const ALIGNMENT = 32

export function writeGguf(file: GgufFile): Uint8Array {
  const parts: Buffer[] = [u32(0x46554747), u32(file.version ?? 3), u64(file.tensors.length)]
  const entries = Object.entries(file.metadata)
  parts.push(u64(entries.length), ...entries.flatMap(([key, entry]) => [text(key), value(entry)]))
  let offset = 0
  for (const { name, shape, type, bytes } of file.tensors) {
    const sizes = [...shape].reverse().map(u64)
    parts.push(text(name), u32(shape.length), ...sizes, u32(type), u64(offset))
    offset += Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT
  }
  const header = padded(Buffer.concat(parts))
  return Buffer.concat([header, ...file.tensors.map(({ bytes }) => padded(Buffer.from(bytes)))])
}

/** F32 numbers as the bytes of a tensor. */
export function f32Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

function value(entry: GgufEntry): Buffer {
  if ('u32' in entry) return Buffer.concat([u32(4), u32(entry.u32)])
  if ('f32' in entry) return Buffer.concat([u32(6), Buffer.from(f32Bytes([entry.f32]))])
  if ('bool' in entry) return Buffer.concat([u32(7), Buffer.from([entry.bool ? 1 : 0])])
  if ('string' in entry) return Buffer.concat([u32(8), text(entry.string)])
  if ('u64' in entry) return Buffer.concat([u32(10), u64(entry.u64)])
  if ('strings' in entry) return array(8, entry.strings.map(text))
  return array(
    5,
    entry.i32s.map((item) => Buffer.from(Int32Array.of(item).buffer)),
  )
}

function array(type: number, items: Buffer[]): Buffer {
  return Buffer.concat([u32(9), u32(type), u64(items.length), ...items])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer)
}

function u64(value: number): Buffer {
  return Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)])
}
