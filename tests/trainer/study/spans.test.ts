import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSpans } from '../../../services/trainer/study/spans.ts'

const textsOf = (sentence: string, kind: string) =>
  findSpans(sentence)
    .filter((span) => span.kind === kind)
    .map(({ text }) => text)

test('numbers come with what they count and with their month', () => {
  expect(textsOf('In June 1348 about 3.5 million people fled within 10 years.', 'number')).toEqual([
    'June 1348',
    '3.5 million people',
    '10 years',
  ])
})

test('names are whole, and a capital at the beginning alone is no name', () => {
  expect(textsOf('Later the Kingdom of Sicily and Bishop Roger signed.', 'name')).toEqual([
    'Kingdom of Sicily and Bishop Roger',
  ])
  expect(textsOf('Later they fled.', 'name')).toEqual([])
})

test('phrases are things after articles and prepositions, up to a comma or a function word', () => {
  expect(textsOf('She kept the old copper coins, dried fish and a very small lantern in salt.', 'phrase')).toEqual([
    'old copper coins',
    'salt',
  ])
})

test('spans lie where they say, apart from each other, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (sentence) => {
      const spans = findSpans(sentence)
      for (const { text, start, end } of spans) expect(sentence.slice(start, end)).toBe(text)
      const sorted = spans.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start)
      for (const [at, { start }] of sorted.slice(1).entries())
        expect(start).toBeGreaterThanOrEqual(sorted[at]?.end ?? 0)
    }),
  )
})
