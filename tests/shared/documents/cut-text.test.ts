import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText } from '../../../shared/documents/cut-text.ts'
import { titleLengthMax, validateText, validateTitle } from '../../../shared/documents/validate-text.ts'
import { countWords } from '../../../shared/words.ts'

const sentence = (name: string): string =>
  `The ${name} of Tarsk was built by Orla Venn in the year of the great flood. `
const paragraph = (name: string): string => sentence(name).repeat(4).trim()
const wordsIn = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '')

test('a text within the limit stays as it is, title and all', () => {
  const text = `# Mill\n\n${paragraph('mill')}\n`
  expect(cutText('Mill', text, 600)).toEqual([{ title: 'Mill', text }])
})

test('a long text is cut at its headings; each part keeps the title, its heading and its number', () => {
  const sections = ['Mill', 'Bridge', 'Tower'].map((name) => `## ${name}\n\n${paragraph(name)}\n\n${paragraph(name)}`)
  const parts = cutText('Handbook', `# Handbook\n\n${sections.join('\n\n')}`, 150)
  expect(parts.map(({ title }) => title)).toEqual([
    'Handbook: Mill (1 of 3)',
    'Handbook: Bridge (2 of 3)',
    'Handbook: Tower (3 of 3)',
  ])
  for (const [index, name] of ['Mill', 'Bridge', 'Tower'].entries())
    expect(parts[index]?.text).toContain(`## ${name}\n`)
})

test('what goes on under a heading is named by it, and a heading stays with what follows', () => {
  const text = `# Mill\n\n${Array.from({ length: 8 }, () => paragraph('mill')).join('\n\n')}\n\n## Bridge\n\n${paragraph('bridge')}`
  const parts = cutText('Tarsk', text, 200)
  expect(parts[1]?.title).toBe(`Tarsk: Mill (2 of ${parts.length})`)
  for (const part of parts) expect(part.text).not.toMatch(/## Bridge$/)
})

test('a part without a statement goes with its neighbour: every part can be studied', () => {
  const contents = Array.from({ length: 120 }, (_, page) => `${page} . . . .`).join('\n\n')
  const parts = cutText(
    'Book',
    `${contents}\n\n${Array.from({ length: 9 }, () => paragraph('mill')).join('\n\n')}`,
    100,
  )
  expect(parts.length).toBeGreaterThan(2)
  for (const { text } of parts) expect(() => validateText(text)).not.toThrow()
})

test('one endless paragraph is cut at sentences, and a text without spaces or stops is cut too', () => {
  for (const { text } of cutText('Mill', sentence('mill').repeat(500), 200)) {
    expect(text).toMatch(/^The .*\.$/)
    expect(countWords(text)).toBeLessThanOrEqual(250)
  }
  expect(cutText('橋', `${'橋は石でできていて長い'.repeat(500)}。`, 1_500).length).toBeGreaterThan(2)
})

test('a title that is too long with its heading is cut so that its number can be read', () => {
  const text = `# ${'long '.repeat(80)}\n\n${Array.from({ length: 9 }, () => paragraph('mill')).join('\n\n')}`
  for (const { title } of cutText('Title '.repeat(70).trim(), text, 150)) {
    expect(() => validateTitle(title)).not.toThrow()
    expect(title.length).toBeLessThanOrEqual(titleLengthMax)
    expect(title).toMatch(/ \(\d of \d\)$/)
  }
})

test('whatever the text, no word is lost or moved, and parts are about as long as was asked', () => {
  const piece = fc.oneof(
    fc.constantFrom('\n\n', '\n', ' ', '# ', '## Part\n', '. ', '\r\n'),
    fc.constantFrom(sentence('mill'), paragraph('bridge'), sentence('tower').repeat(30)),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 100, max: 400 }), (pieces, wordsMax) => {
      const text = pieces.join('')
      const parts = cutText('Title', text, wordsMax)
      expect(parts.flatMap((part) => wordsIn(part.text)).join('')).toBe(wordsIn(text).join(''))
      const poor = parts.filter((part) => countWords(part.text) > 2.5 * wordsMax)
      expect(poor).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['empty paragraphs', '.\n\n'.repeat(330_000)],
  ['spaces', `The mill is old.${' '.repeat(900_000)}x`],
  ['numbers', '7 '.repeat(500_000)],
  ['heading marks', `# ${'# '.repeat(490_000)}`],
  ['line breaks', `The mill is old.${'\n'.repeat(900_000)}`],
])('a megabyte of %s does not hold up the process', (_what, text) => {
  const startedAt = performance.now()
  cutText('Title', text, 600)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})
