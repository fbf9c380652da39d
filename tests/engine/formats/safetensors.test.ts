import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HostTensor } from '../../../services/engine/base/base-source.ts'
import { openSafetensors, parseSafetensors, writeSafetensors } from '../../../services/engine/formats/safetensors.ts'
import { goldenPath } from '../golden-files.ts'

const names = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !/^(__metadata__|__proto__)$/.test(name))
const tensors = fc.uniqueArray(
  fc.record({ name: names, rows: fc.nat(4), row: fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 5 }) }),
  { selector: ({ name }) => name },
)
const metadata = fc.dictionary(names, fc.string({ unit: 'grapheme' }))

function toMap(list: { name: string; rows: number; row: number[] }[]): Map<string, HostTensor> {
  return new Map(
    list.map(({ name, rows, row }) => {
      const data = Float32Array.from(Array.from({ length: rows }, () => row).flat())
      return [name, { shape: [rows, row.length], data }]
    }),
  )
}

describe('safetensors', () => {
  test('any tensors and metadata are read back as written', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, notes) => {
        const written = toMap(list)
        const file = parseSafetensors(writeSafetensors(written, new Map(Object.entries(notes))))
        expect(Object.fromEntries(file.metadata)).toEqual({ ...notes })
        expect([...file.tensors.keys()].sort()).toEqual([...written.keys()].sort())
        for (const [name, tensor] of written) expect(file.read(name)).toEqual(tensor)
      }),
    )
  })

  test('the bytes do not depend on the order of tensors or metadata', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, notes) => {
        const there = writeSafetensors(toMap(list), new Map(Object.entries(notes)))
        const back = writeSafetensors(toMap([...list].reverse()), new Map(Object.entries(notes).reverse()))
        expect(Buffer.compare(there, back)).toBe(0)
      }),
    )
  })

  test('a file by the reference implementation is read, from disk as from memory', () => {
    const path = goldenPath('models', 'qwen2', 'model.safetensors')
    const file = openSafetensors(path)
    const memory = parseSafetensors(readFileSync(path))
    expect(file.metadata.get('format')).toBe('pt')
    expect(file.tensors.get('model.layers.1.self_attn.k_proj.bias')).toMatchObject({ dtype: 'F32', shape: [16] })
    for (const name of file.tensors.keys()) expect(file.read(name)).toEqual(memory.read(name))
    file.close()
  })

  test('rewriting a file by the reference implementation keeps its data byte for byte', () => {
    const original = readFileSync(goldenPath('models', 'llama-tied', 'adapter', 'adapter_model.safetensors'))
    const file = parseSafetensors(original)
    const again = writeSafetensors(
      new Map([...file.tensors.keys()].map((name) => [name, file.read(name)])),
      file.metadata,
    )
    expect(Buffer.compare(again, original)).toBe(0)
  })

  test('a file cut off anywhere is an error', () => {
    const bytes = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]))
    for (let length = 0; length < bytes.length; length++)
      expect(() => parseSafetensors(bytes.subarray(0, length))).toThrow(/is truncated|is not a safetensors file/)
  })

  test('malformed headers are refused: no JSON, wrong sizes, wrong types', () => {
    const file = (header: string, data = 8) => {
      const bytes = Buffer.alloc(8 + header.length + data)
      bytes.writeBigUInt64LE(BigInt(header.length))
      bytes.write(header, 8)
      return bytes
    }
    const entry = (fields: object) =>
      JSON.stringify({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } })
    expect(parseSafetensors(file(entry({}))).read('a').data).toEqual(Float32Array.of(0, 0))
    expect(() => parseSafetensors(file('{"a":'))).toThrow('its header is not JSON')
    expect(() => parseSafetensors(file(entry({ shape: [3] })))).toThrow('a has 8 bytes, its shape needs 12')
    expect(() => parseSafetensors(file(entry({ data_offsets: [0, 16] })))).toThrow('a lies beyond its end')
    expect(() => parseSafetensors(file(entry({ data_offsets: [8, 0] })))).toThrow('the header entry of a is malformed')
    expect(() => parseSafetensors(file(entry({ shape: [-2] })))).toThrow('the header entry of a is malformed')
    expect(() => parseSafetensors(file(entry({ dtype: 'I64', shape: [1] }))).read('a')).toThrow('unsupported dtype I64')
  })

  test('a tensor whose shape does not fit its values is not written', () => {
    const wrong = new Map([['a', { shape: [3], data: Float32Array.of(1, 2) }]])
    expect(() => writeSafetensors(wrong)).toThrow('a has 2 values, its shape is [3]')
  })
})
