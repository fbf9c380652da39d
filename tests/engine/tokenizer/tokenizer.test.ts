import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { openGguf } from '../../../services/engine/formats/gguf.ts'
import type { GgufValue } from '../../../services/engine/formats/gguf.ts'
import { openFolderTokenizer } from '../../../services/engine/tokenizer/folder-tokenizer.ts'
import { ggufTokenizer } from '../../../services/engine/tokenizer/gguf-tokenizer.ts'
import type { Tokenizer } from '../../../services/engine/tokenizer/tokenizer.ts'
import { goldenPath, readGolden } from '../golden-files.ts'
import { hasRealBase, REAL_BASE } from '../real-base.ts'

interface Ids {
  ids: number[][]
  decoded?: { keepSpecial: string[]; skipSpecial: string[] }
}

const strings = readGolden('tokenizer', 'strings.json') as string[]

describe.skipIf(!hasRealBase)('the tokenizer in a GGUF file (needs the base that setup fetches)', () => {
  let metadata: ReadonlyMap<string, GgufValue>
  let smollm: Tokenizer
  beforeAll(() => {
    const gguf = openGguf(REAL_BASE)
    metadata = gguf.metadata
    gguf.close()
    smollm = ggufTokenizer(metadata)
  })

  const with_ = (...entries: [string, GgufValue][]) => new Map([...metadata, ...entries])

  test.each(['smollm', 'gpt-2', 'llama-bpe', 'qwen2'])('%s: ids of 1,250 strings equal the reference', (name) => {
    const golden = readGolden('tokenizer', `${name}.json`) as Ids
    const tokenizer = ggufTokenizer(with_(['tokenizer.ggml.pre', name]))
    expect(strings.length).toBeGreaterThanOrEqual(1000)
    const wrong = strings.filter((text, i) => tokenizer.encode(text).join() !== golden.ids[i]?.join())
    expect(wrong).toEqual([])
  })

  test('decoding equals the reference, with and without special tokens', () => {
    const { ids, decoded } = readGolden('tokenizer', 'smollm.json') as Ids
    expect(decoded?.keepSpecial.length).toBe(200)
    decoded?.keepSpecial.forEach((text, i) => expect(smollm.decode(ids[i] ?? [], { keepSpecial: true })).toBe(text))
    decoded?.skipSpecial.forEach((text, i) => expect(smollm.decode(ids[i] ?? [])).toBe(text))
  })

  test('any text comes back from its ids unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...strings.filter(hasTokens)), { maxLength: 6 }), (parts) => {
        const text = parts.join('')
        expect(smollm.decode(smollm.encode(text), { keepSpecial: true })).toBe(text)
      }),
    )
  })

  /** SmolLM2's vocabulary lacks the bytes of six control characters and those that begin U+40000 to U+BFFFF. */
  function hasTokens(text: string): boolean {
    const missing = [0x04, 0x06, 0x13, 0x14, 0x16, 0x1d]
    return [...text].every((character) => {
      const point = character.codePointAt(0) ?? 0
      return !missing.includes(point) && (point < 0x40000 || point > 0xbffff)
    })
  }

  test('special ids are those of the model; BOS is null because SmolLM2 never adds its own', () => {
    expect(smollm).toMatchObject({ vocabSize: 49152, bosId: null, padId: 2, endIds: [2, 0] })
    expect(smollm.encode('a', { addSpecial: true })).toEqual(smollm.encode('a'))
    expect(smollm.encode('<|im_end|>')).toEqual([2])
    expect(smollm.encode('')).toEqual([])
    expect(smollm.decode([])).toBe('')
  })

  test('where the file says that BOS is added, it stands first and only on request', () => {
    const tokenizer = ggufTokenizer(with_(['tokenizer.ggml.add_bos_token', true]))
    expect(tokenizer.bosId).toBe(1)
    expect(tokenizer.encode('a', { addSpecial: true })).toEqual([1, ...smollm.encode('a')])
    expect(tokenizer.encode('a')).toEqual(smollm.encode('a'))
  })

  test('tokenizers of other kinds are refused by name', () => {
    expect(() => ggufTokenizer(with_(['tokenizer.ggml.pre', 'tekken']))).toThrow('unsupported pre-tokenizer tekken')
    expect(() => ggufTokenizer(with_(['tokenizer.ggml.model', 'llama']))).toThrow('unsupported tokenizer llama')
    expect(() => ggufTokenizer(new Map())).toThrow('tokenizer.ggml.model is missing')
    const partial = new Map(metadata)
    partial.delete('tokenizer.ggml.merges')
    expect(() => ggufTokenizer(partial)).toThrow('tokenizer.ggml.merges is missing')
  })
})

describe('the tokenizer in a folder', () => {
  const { tokenizer } = openFolderTokenizer(goldenPath('models', 'llama-tied'))

  test('reads tokenizer.json with its special tokens', () => {
    expect(tokenizer).toMatchObject({ vocabSize: 128, bosId: null, padId: 0, endIds: [2, 0] })
    expect(tokenizer.encode('<|im_start|>a')).toEqual([1, tokenizer.encode('a')[0]])
  })

  test('any printable ASCII comes back from its ids unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text), { keepSpecial: true })).toBe(text)
      }),
    )
  })

  test('says which file is missing', () => {
    expect(() => openFolderTokenizer(goldenPath('tokenizer'))).toThrow('lacks tokenizer.json')
  })
})
