import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readForm } from '../../../services/engine/generate/form.ts'
import type { Form } from '../../../services/engine/generate/form.ts'

const FORM: Form = ['{"a":', { oneOf: ['true', 'false', 'falsely'] }, ',"b":0.', { digits: 3 }, '}']

test.each([
  ['', 'begun'],
  ['{"a"', 'begun'],
  ['{"a":fals', 'begun'],
  ['{"a":falsely,', 'begun'],
  ['{"a":true,"b":0.', 'begun'],
  ['{"a":true,"b":0.123', 'begun'],
  ['{"a":true,"b":0.1}', 'whole'],
  ['{"a":falsely,"b":0.123}', 'whole'],
  [' {"a"', null],
  ['{"a":no', null],
  ['{"a":true,"b":0.}', null],
  ['{"a":true,"b":0.1234', null],
  ['{"a":true,"b":0.1}}', null],
] as const)('%j is %s', (text, read) => expect(readForm(FORM, text)).toBe(read))

test('digits may end a text, and then it is whole and may go on', () => {
  expect(readForm([{ digits: 2 }], '1')).toBe('whole')
  expect(readForm([{ digits: 2 }], '12')).toBe('whole')
  expect(readForm([{ digits: 2 }], '123')).toBeNull()
  expect(readForm([{ digits: 2 }, { digits: 1 }], '12')).toBe('whole')
})

test('every beginning of a text of the form is begun, and what no part holds is not', () => {
  const word = fc.stringMatching(/^[ab1]{1,3}$/)
  const part = fc.oneof(
    word.map((text) => ({ part: text, text })),
    fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.nat())
      .map(([oneOf, index]) => ({ part: { oneOf }, text: oneOf[index % oneOf.length] ?? '' })),
    fc
      .tuple(fc.stringMatching(/^\d{1,3}$/), fc.nat(2))
      .map(([text, more]) => ({ part: { digits: text.length + more }, text })),
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const form = parts.map((one) => one.part)
      const text = parts.map((one) => one.text).join('')
      expect(readForm(form, text)).toBe('whole')
      for (let length = 0; length < text.length; length++) expect(readForm(form, text.slice(0, length))).not.toBeNull()
      expect(readForm(form, `${text}#`)).toBeNull()
    }),
  )
})
