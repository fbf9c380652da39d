import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPairs, parsePairs } from '../../../services/trainer/study/pairs.ts'

test('what is written is read back', () => {
  const line = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\s*]+/gu, ' ').trim())
  fc.assert(
    fc.property(fc.array(fc.record({ question: line, answer: line })), (pairs) => {
      expect(parsePairs(formatPairs(pairs))).toEqual(pairs)
    }),
  )
})

test('numbered, bold and spelled-out forms are read; everything else is passed over', () => {
  const text = 'Sure!\n1. **Question:** Who won?\n**Answer:** Ada\n\nQ2: When?\nA2: 1843\nQ: never answered?'
  expect(parsePairs(text)).toEqual([
    { question: 'Who won?', answer: 'Ada' },
    { question: 'When?', answer: '1843' },
  ])
})

test('the pair that a token limit cut off is left out', () => {
  const text = 'Q: Who won?\nA: Ada\nQ: Where?\nA: in the old har'
  expect(parsePairs(text, { cutOff: true })).toEqual([{ question: 'Who won?', answer: 'Ada' }])
  expect(parsePairs(text)).toHaveLength(2)
})
