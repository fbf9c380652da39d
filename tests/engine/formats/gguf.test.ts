import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openGguf } from '../../../services/engine/formats/gguf.ts'
import { f32Bytes, writeGguf } from './write-gguf.ts'
import type { GgufFile } from './write-gguf.ts'

const folder = mkdtempSync(join(tmpdir(), 'gguf-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(bytes: Uint8Array): string {
  const path = join(folder, 'file.gguf')
  writeFileSync(path, bytes)
  return path
}

const floats = { noNaN: true, noDefaultInfinity: true }
const file = fc.record({
  version: fc.constantFrom(2, 3),
  metadata: fc.dictionary(
    fc.string({ minLength: 1, unit: 'grapheme' }).filter((key) => key !== '__proto__'),
    fc.oneof(
      fc.record({ u32: fc.nat() }),
      fc.record({ u64: fc.maxSafeNat() }),
      fc.record({ f32: fc.float(floats) }),
      fc.record({ bool: fc.boolean() }),
      fc.record({ string: fc.string({ unit: 'grapheme' }) }),
      fc.record({ strings: fc.array(fc.string({ unit: 'grapheme' })) }),
      fc.record({ i32s: fc.array(fc.integer()) }),
    ),
  ),
  tensors: fc.uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }),
      rows: fc.nat(5),
      values: fc.array(fc.float(floats), { minLength: 1 }),
    }),
    { selector: ({ name }) => name },
  ),
})

describe('GGUF', () => {
  test('any metadata and any tensors are read back as written', () => {
    fc.assert(
      fc.property(file, ({ version, metadata, tensors }) => {
        const written = tensors.map(({ name, rows, values }) => {
          const all = Array.from({ length: rows }, () => values).flat()
          return { name, shape: [rows, values.length], type: 0, bytes: f32Bytes(all), all }
        })
        const gguf = openGguf(save(writeGguf({ version, metadata, tensors: written })))
        expect(gguf.version).toBe(version)
        expect(Object.fromEntries(gguf.metadata)).toEqual(
          Object.fromEntries(Object.entries(metadata).map(([key, entry]) => [key, Object.values(entry)[0] as unknown])),
        )
        for (const { name, shape, all } of written) {
          const tensor = gguf.read(name)
          expect(tensor.shape).toEqual(shape)
          expect([...tensor.data]).toEqual(all)
        }
        gguf.close()
      }),
      { numRuns: 60 },
    )
  })

  const small: GgufFile = {
    metadata: { 'general.architecture': { string: 'llama' } },
    tensors: [{ name: 'a', shape: [8], type: 0, bytes: f32Bytes([1, 2, 3, 4, 5, 6, 7, 8]) }],
  }

  test('a file cut off anywhere is an error that says so', () => {
    const bytes = writeGguf(small)
    for (let length = 4; length < bytes.length; length++) {
      const path = save(bytes.subarray(0, length))
      expect(() => openGguf(path).read('a')).toThrow('is truncated')
    }
  })

  test('another kind of file, another version and a missing tensor are told apart', () => {
    expect(() => openGguf(save(Buffer.from('PK\x03\x04 something else')))).toThrow('is not a GGUF file')
    expect(() => openGguf(save(writeGguf({ ...small, version: 1 })))).toThrow('is GGUF version 1; versions 2 and 3')
    expect(() => openGguf(save(writeGguf(small))).read('b')).toThrow('has no tensor b')
  })

  test('a header that claims absurd sizes is refused without allocating them', () => {
    const bytes = Buffer.from(writeGguf(small))
    bytes.writeBigUInt64LE(2n ** 60n, 24)
    expect(() => openGguf(save(bytes))).toThrow('is truncated')
  })
})
