import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateText, validateTitle } from '../../../shared/documents/validate-text.ts'
import { AppError } from '../../../shared/errors.ts'

function refusal(text: string): { code: string; field: string | undefined; message: string } | undefined {
  try {
    validateText(text)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, field: error.field, message: error.message }
  }
}

const refused: [what: string, text: string, message: RegExp][] = [
  ['empty', '', /empty/],
  ['spaces', '  \n\t \r\n ', /blank/],
  ['invisible characters', '\u200b\u200d\ufeff\u00ad', /blank/],
  ['control characters', '\u0001\u0002\u001b\u0007', /control characters/],
  ['a binary file', '\u0001\u0002PNG\u0003\u0004', /control characters/],
  ['a NUL', 'The mill was built\0 in Tarsk.', /NUL/],
  ['half of a surrogate pair', 'The mill \ud83d was built in Tarsk.', /surrogate/],
  ['Latin-1 read as UTF-8', 'Caf\uFFFD M\uFFFDller', /UTF-8/],
  ['a run of U+FFFD', `The mill was built in Tarsk. ${'x'.repeat(2000)} \uFFFD\uFFFD`, /UTF-8/],
  ['punctuation', '!!! ... ??? --- ###', /no statement/],
  ['numbers', '1 2 3 4 5 6', /no statement/],
  ['one word', 'Hello', /no statement/],
  ['a word again and again', 'spam spam spam spam spam', /no statement/],
  ['function words', 'the of and to in is', /no statement/],
  ['questions only', 'Who built the mill? Where was it built?', /no statement/],
  ['emoji', '🙂 🙃 🚀', /no statement/],
]
test.each(refused)('%s is refused and told what to change', (_what, text, message) => {
  expect(refusal(text)).toMatchObject({ code: 'invalid_request', field: 'text' })
  expect(refusal(text)?.message).toMatch(message)
})

const taken: [what: string, text: string][] = [
  ['a short fact', 'Paris is large.'],
  ['a fact without a full stop', 'Orla Venn built the mill'],
  ['a question and its answer', 'Who built the mill? Orla Venn built it.'],
  ['Chinese', '北京是中华人民共和国的首都。'],
  ['Arabic', 'القاهرة هي عاصمة مصر.'],
  ['Greek with emoji', 'Η Αθήνα είναι η πρωτεύουσα της Ελλάδας 🏛️.'],
  ['a table', 'name\tyear\nLantern Bridge\t1931\n'],
  [
    'one U+FFFD in a long text',
    `The replacement character \uFFFD stands for what cannot be read. ${'More is told here. '.repeat(20)}`,
  ],
]
test.each(taken)('%s is taken', (_what, text) => {
  expect(refusal(text)).toBeUndefined()
})

test('a text of one megabyte is taken, one byte more is too large, counted in bytes', () => {
  const start = 'The mill was built in Tarsk. '
  expect(refusal(start + 'x'.repeat(1_000_000 - start.length))).toBeUndefined()
  expect(refusal(start + 'x'.repeat(1_000_001 - start.length))).toMatchObject({ code: 'payload_too_large' })
  expect(refusal(start + 'é'.repeat(500_000))).toMatchObject({ code: 'payload_too_large' })
})

test('whatever is sent, the answer is a refusal with a sentence or none, never a crash', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      const found = refusal(text)
      expect(found === undefined || found.message.length > 10).toBe(true)
      // What is taken comes back from the database as it went in.
      if (found === undefined) expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
    }),
  )
})

test('a blank or over-long title is refused', () => {
  expect(() => validateTitle(' \n')).toThrow(/blank/)
  expect(() => validateTitle('x'.repeat(501))).toThrow(/shorten/)
  expect(() => validateTitle('The Mill')).not.toThrow()
})
