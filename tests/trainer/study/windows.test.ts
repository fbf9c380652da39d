import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listWindows, splitPassages, splitSentences } from '../../../services/trainer/study/windows.ts'

const squeeze = (text: string) => text.split(/\s+/u).join('')

describe('splitSentences', () => {
  test('does not end a sentence at initials or titles', () => {
    const text = 'The U.S. Secretary met Dr. Weber in Bonn. He left on Friday.'
    expect(splitSentences(text)).toEqual(['The U.S. Secretary met Dr. Weber in Bonn.', 'He left on Friday.'])
  })

  test('keeps every character exactly once, in order, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(squeeze(splitSentences(text).join(''))).toBe(squeeze(text))
      }),
    )
  })

  test('reads text wrapped at a column as sentences, headings and lists line by line', () => {
    const text = `Notes

The lamp of Varn was lit for the first time in the late
autumn of 1871. It burns oil.
- turns once in 9 seconds
- reaches 12 miles`
    expect(splitSentences(text)).toEqual([
      'Notes',
      'The lamp of Varn was lit for the first time in the late autumn of 1871.',
      'It burns oil.',
      '- turns once in 9 seconds',
      '- reaches 12 miles',
    ])
  })

  test('reads half a megabyte in a second or two', () => {
    const text = 'The lamp of Varn burns oil and turns once in 9 seconds. '.repeat(9_000)
    const startedAt = performance.now()
    expect(splitSentences(text)).toHaveLength(9_000)
    // Quadratic time took half a minute; the bound leaves room for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('cuts a text without full stops into pieces a small model can read', () => {
    const pieces = splitSentences(Array.from({ length: 500 }, (_, index) => `w${index}`).join(' '))
    expect(Math.max(...pieces.map((piece) => piece.split(' ').length))).toBeLessThanOrEqual(90)
  })
})

describe('splitPassages', () => {
  test('shares a long text out evenly and loses no sentence', () => {
    const sentences = Array.from({ length: 60 }, (_, index) => `Sentence number ${index} says one thing about it.`)
    const passages = splitPassages(sentences)
    expect(passages.flat()).toEqual(sentences)
    expect(passages.length).toBe(3)
    expect(Math.min(...passages.map((passage) => passage.length))).toBeGreaterThan(15)
  })
})

describe('listWindows', () => {
  test('reads a short text as a whole, sentence by sentence and by neighbours', () => {
    const windows = listWindows('One is here. Two is there. Three is gone.')
    expect(windows.map(({ source }) => source)).toEqual([
      'passage',
      'sentence 1',
      'sentence 2',
      'sentence 3',
      'sentences 1-2',
      'sentences 2-3',
    ])
    expect(windows.at(-1)?.text).toBe('Two is there. Three is gone.')
  })

  test('reads a single sentence once', () => {
    expect(listWindows('The code of the north gate is 4711.').map(({ kind }) => kind)).toEqual(['passage'])
  })
})
