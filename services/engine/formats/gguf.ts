// GGUF files, versions 2 and 3: metadata at once, tensors one at a time by positioned reads. Parsed here rather than
// by `@huggingface/gguf`, which is asynchronous, reads no tensors and takes more than twice as long for the header.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { HostTensor } from '../base/base-source.ts'
import { canDequantize, dequantize, ggmlTypeName, quantizedBytes } from './dequantize.ts'

export type GgufValue = number | boolean | string | GgufValue[]

export interface GgufTensor {
  name: string
  /** Outermost first, as everywhere else (the file has it the other way round). */
  shape: number[]
  /** GGML's type number. */
  type: number
  /** From the start of the file, bytes. */
  offset: number
}

export interface Gguf {
  version: number
  metadata: ReadonlyMap<string, GgufValue>
  tensors: ReadonlyMap<string, GgufTensor>
  /** Reads and dequantises one tensor. Throws when there is none of that name or its format is not read. */
  read(name: string): HostTensor
  close(): void
}

/** Opens a GGUF file. Throws for anything else, for other versions and for a truncated header. */
export function openGguf(path: string): Gguf {
  const file = openSync(path, 'r')
  try {
    const header = readHeader(new Cursor(file, path), path)
    return {
      ...header,
      read: (name) => readTensor(file, path, header.tensors, name),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function readTensor(file: number, path: string, tensors: ReadonlyMap<string, GgufTensor>, name: string): HostTensor {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`${path} has no tensor ${name}`)
  if (!canDequantize(tensor.type)) throw new Error(`${name}: unsupported weight format ${ggmlTypeName(tensor.type)}`)
  const count = tensor.shape.reduce((product, size) => product * size, 1)
  const bytes = readAt(file, tensor.offset, quantizedBytes(tensor.type, count))
  if (!bytes) throw new Error(`${path} is truncated: ${name} lies beyond its end`)
  return { shape: [...tensor.shape], data: dequantize(tensor.type, bytes, count) }
}

/** `length` bytes at `offset`, or null when the file ends before. */
export function readAt(file: number, offset: number, length: number): Uint8Array | null {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, length - done, offset + done)
    if (read === 0) return null
    done += read
  }
  return bytes
}

const STRING = 8
const ARRAY = 9

/** Metadata types of fixed size, by GGUF's numbers. 64-bit integers become doubles: no count or id is that large. */
const SCALARS = new Map<number, { bytes: number; read(buffer: Buffer, at: number): number | boolean }>([
  [0, { bytes: 1, read: (buffer, at) => buffer.readUInt8(at) }],
  [1, { bytes: 1, read: (buffer, at) => buffer.readInt8(at) }],
  [2, { bytes: 2, read: (buffer, at) => buffer.readUInt16LE(at) }],
  [3, { bytes: 2, read: (buffer, at) => buffer.readInt16LE(at) }],
  [4, { bytes: 4, read: (buffer, at) => buffer.readUInt32LE(at) }],
  [5, { bytes: 4, read: (buffer, at) => buffer.readInt32LE(at) }],
  [6, { bytes: 4, read: (buffer, at) => buffer.readFloatLE(at) }],
  [7, { bytes: 1, read: (buffer, at) => buffer.readUInt8(at) !== 0 }],
  [10, { bytes: 8, read: (buffer, at) => Number(buffer.readBigUInt64LE(at)) }],
  [11, { bytes: 8, read: (buffer, at) => Number(buffer.readBigInt64LE(at)) }],
  [12, { bytes: 8, read: (buffer, at) => buffer.readDoubleLE(at) }],
])

function readHeader(cursor: Cursor, path: string): Pick<Gguf, 'version' | 'metadata' | 'tensors'> {
  if (cursor.u32() !== 0x46554747) throw new Error(`${path} is not a GGUF file`)
  const version = cursor.u32()
  if (version !== 2 && version !== 3) throw new Error(`${path} is GGUF version ${version}; versions 2 and 3 are read`)
  const tensorCount = cursor.u64()
  const metadataCount = cursor.u64()
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < metadataCount; i++) metadata.set(cursor.string(), cursor.value(cursor.u32()))
  const tensors: GgufTensor[] = []
  for (let i = 0; i < tensorCount; i++) {
    const name = cursor.string()
    const shape = Array.from({ length: cursor.u32() }, () => cursor.u64()).reverse()
    tensors.push({ name, shape, type: cursor.u32(), offset: cursor.u64() })
  }
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || alignment < 1) throw new Error(`${path}: general.alignment is not a number`)
  const start = Math.ceil(cursor.position / alignment) * alignment
  return { version, metadata, tensors: new Map(tensors.map((t) => [t.name, { ...t, offset: start + t.offset }])) }
}

/** Reads little-endian values from the start of a file, which it loads in steps of 8 MiB as they are needed. */
class Cursor {
  position = 0
  readonly #file: number
  readonly #path: string
  readonly #size: number
  #bytes = Buffer.alloc(0)

  constructor(file: number, path: string) {
    this.#file = file
    this.#path = path
    this.#size = fstatSync(file).size
  }

  /**
   * Where the next `length` bytes stand in the buffer; the position moves past them. To be called before `#bytes` is
   * touched, which it may replace.
   */
  #take(length: number): number {
    const start = this.position
    const end = start + length
    if (end > this.#bytes.length) {
      const wanted = Math.min(Math.max(end, this.#bytes.length + 8 * 2 ** 20), this.#size)
      const more = end <= this.#size && readAt(this.#file, this.#bytes.length, wanted - this.#bytes.length)
      if (!more) throw new Error(`${this.#path} is truncated: its header ends at byte ${this.#size}`)
      this.#bytes = Buffer.concat([this.#bytes, more])
    }
    this.position = end
    return start
  }

  u32(): number {
    const at = this.#take(4)
    return this.#bytes.readUInt32LE(at)
  }

  u64(): number {
    const at = this.#take(8)
    return this.#bytes.readUInt32LE(at) + this.#bytes.readUInt32LE(at + 4) * 2 ** 32
  }

  string(): string {
    const length = this.u64()
    const at = this.#take(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  value(type: number): GgufValue {
    if (type === STRING) return this.string()
    if (type === ARRAY) {
      const itemType = this.u32()
      const length = this.u64()
      const items: GgufValue[] = []
      for (let i = 0; i < length; i++) items.push(this.value(itemType))
      return items
    }
    const scalar = SCALARS.get(type)
    if (!scalar) throw new Error(`${this.#path}: unknown metadata type ${type}`)
    const at = this.#take(scalar.bytes)
    return scalar.read(this.#bytes, at)
  }
}
