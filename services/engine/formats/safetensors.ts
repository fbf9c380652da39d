// The safetensors format: an 8-byte length, a JSON header, raw little-endian tensors. Written without any freedom
// (tensors sorted by name, keys in a fixed order, header padded to 8 bytes), because adapters are addressed by the
// hash of these bytes.
import { closeSync, fstatSync, openSync } from 'node:fs'
import type { HostTensor } from '../base/base-source.ts'
import { readAt } from './gguf.ts'
import { decodeBf16, decodeF16, decodeF32, encodeBf16, encodeF16 } from './half.ts'

export interface SafetensorsEntry {
  dtype: string
  shape: number[]
  /** From the first byte after the header, bytes. */
  begin: number
  end: number
}

export interface SafetensorsHeader {
  tensors: ReadonlyMap<string, SafetensorsEntry>
  /** The free `__metadata__` strings. */
  metadata: ReadonlyMap<string, string>
  /** Where tensor data begin, from the start of the file. */
  dataStart: number
}

export interface Safetensors extends SafetensorsHeader {
  /** Reads one tensor as numbers. Throws when there is none of that name or its dtype is not a float we read. */
  read(name: string): HostTensor
  close(): void
}

export type FloatDtype = 'F32' | 'F16' | 'BF16'

interface FloatFormat {
  /** Of one number. */
  bytes: number
  decode(bytes: Uint8Array, out: Float32Array): void
  encode(values: Float32Array): Uint8Array
}

const FLOATS: Record<FloatDtype, FloatFormat> = {
  F32: { bytes: 4, decode: decodeF32, encode: (x) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength) },
  F16: { bytes: 2, decode: decodeF16, encode: encodeF16 },
  BF16: { bytes: 2, decode: decodeBf16, encode: encodeBf16 },
}

/** A header larger than this is a corrupted length, not a model (the reference implementation's limit). */
const HEADER_BYTES_MAX = 100_000_000

/** Whether tensors of this dtype can be read as numbers. */
export function canReadDtype(dtype: string): dtype is FloatDtype {
  return Object.hasOwn(FLOATS, dtype)
}

/** Opens a file, reading only its header. Throws for anything that is not safetensors. */
export function openSafetensors(path: string): Safetensors {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number) => readAt(file, offset, length)
    return { ...readSafetensors(read, fstatSync(file).size, path), close: () => closeSync(file) }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** The same for bytes in memory. */
export function parseSafetensors(bytes: Uint8Array, name = 'safetensors'): Omit<Safetensors, 'close'> {
  const read = (offset: number, length: number) =>
    offset + length <= bytes.length ? bytes.subarray(offset, offset + length) : null
  return readSafetensors(read, bytes.length, name)
}

type Read = (offset: number, length: number) => Uint8Array | null

function readSafetensors(read: Read, size: number, source: string): Omit<Safetensors, 'close'> {
  const header = readHeader(read, size, source)
  return {
    ...header,
    read: (name) => {
      const entry = header.tensors.get(name)
      if (!entry) throw new Error(`${source} has no tensor ${name}`)
      if (!canReadDtype(entry.dtype)) throw new Error(`${name}: unsupported dtype ${entry.dtype}`)
      const float = FLOATS[entry.dtype]
      const bytes = read(header.dataStart + entry.begin, entry.end - entry.begin)
      if (!bytes) throw new Error(`${source} is truncated: ${name} lies beyond its end`)
      const data = new Float32Array(bytes.length / float.bytes)
      float.decode(bytes, data)
      return { shape: [...entry.shape], data }
    },
  }
}

function readHeader(read: Read, size: number, source: string): SafetensorsHeader {
  const prefix = read(0, 8)
  const length = prefix ? Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true)) : 0
  if (length < 2 || length > HEADER_BYTES_MAX) throw new Error(`${source} is not a safetensors file`)
  const text = read(8, length)
  if (!text) throw new Error(`${source} is truncated: its header ends at byte ${size}`)
  const tensors = new Map<string, SafetensorsEntry>()
  let metadata = new Map<string, string>()
  for (const [name, value] of Object.entries(parseHeader(text, source)))
    if (name === '__metadata__') metadata = new Map(Object.entries(value).map(([key, text]) => [key, String(text)]))
    else tensors.set(name, toEntry(name, value, size - 8 - length, source))
  return { tensors, metadata, dataStart: 8 + length }
}

function parseHeader(text: Uint8Array, source: string): Record<string, object> {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as Record<string, object>
  } catch (cause) {
    throw new Error(`${source} is not a safetensors file: its header is not JSON`, { cause })
  }
}

function toEntry(name: string, value: object, dataBytes: number, source: string): SafetensorsEntry {
  const { dtype, shape, data_offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  const [begin, end] = isSizes(data_offsets) ? data_offsets : []
  if (typeof dtype !== 'string' || !isSizes(shape) || begin === undefined || end === undefined || begin > end)
    throw new Error(`${source}: the header entry of ${name} is malformed`)
  if (end > dataBytes) throw new Error(`${source} is truncated: ${name} lies beyond its end`)
  const width = canReadDtype(dtype) ? FLOATS[dtype].bytes : undefined
  const count = countOf(shape)
  if (width !== undefined && count * width !== end - begin)
    throw new Error(`${source}: ${name} has ${end - begin} bytes, its shape needs ${count * width}`)
  return { dtype, shape, begin, end }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)
}

/** One file of tensors. The same tensors and metadata give the same bytes, whatever order they come in. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
  dtype: FloatDtype = 'F32',
): Uint8Array {
  for (const [name, { shape, data }] of tensors)
    if (countOf(shape) !== data.length)
      throw new Error(`${name} has ${data.length} values, its shape is [${shape.join(', ')}]`)
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]))
  const { header, names, dataBytes } = layOutSafetensors(shapes, metadata, dtype)
  const bytes = new Uint8Array(header.length + dataBytes)
  bytes.set(header)
  let at = header.length
  for (const name of names) {
    const raw = encodeFloats(tensors.get(name)?.data ?? new Float32Array(), dtype)
    bytes.set(raw, at)
    at += raw.length
  }
  return bytes
}

export interface SafetensorsLayout {
  /** Everything before the tensors. */
  header: Uint8Array
  /** The tensors in the order in which their data follow, without gaps. */
  names: string[]
  dataBytes: number
}

/** A file's beginning from its tensors' shapes alone, for writing it tensor by tensor. */
export function layOutSafetensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  metadata: ReadonlyMap<string, string>,
  dtype: FloatDtype,
): SafetensorsLayout {
  const sorted = [...shapes].sort(byName)
  const fields: Record<string, object> = {}
  if (metadata.size > 0) fields['__metadata__'] = Object.fromEntries([...metadata].sort(byName))
  let end = 0
  for (const [name, shape] of sorted) {
    const begin = end
    end += countOf(shape) * FLOATS[dtype].bytes
    fields[name] = { dtype, shape, data_offsets: [begin, end] }
  }
  const text = new TextEncoder().encode(JSON.stringify(fields))
  const header = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true)
  header.set(text, 8)
  return { header, names: sorted.map(([name]) => name), dataBytes: end }
}

/** As a tensor's bytes lie in the file; F32 shares the numbers' memory. */
export function encodeFloats(values: Float32Array, dtype: FloatDtype): Uint8Array {
  return FLOATS[dtype].encode(values)
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
