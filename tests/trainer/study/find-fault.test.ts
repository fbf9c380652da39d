import { describe, expect, test } from 'vitest'
import { findFault, groundOf } from '../../../services/trainer/study/find-fault.ts'

const ground = groundOf(
  'The Harbour of Velm',
  'The lighthouse of Velm was built in 1,843 by Ada Brenn. Its lamp reaches 12.5 miles. The Who never played there.',
)
const pair = (prompt: string, completion: string) =>
  findFault({ format: 'question_answer', prompt, completion }, ground)
const rewrite = (completion: string) => findFault({ format: 'rewrite', prompt: 'What is known?', completion }, ground)

describe('a question-answer pair', () => {
  test('whose answer stands in the text is kept, whatever its spelling', () => {
    expect(pair('Who built the lighthouse of Velm?', 'Ada Brenn')).toBeNull()
    expect(pair('When was the lighthouse built?', '1843')).toBeNull()
    expect(pair('How far does the lamp reach?', '12.5 miles')).toBeNull()
    expect(pair('Which band never played at Velm?', 'The Who')).toBeNull()
  })

  test.each([
    ['', 'Ada Brenn', /question is empty/],
    ['Who built the lighthouse?', '  ', /answer is empty/],
    ['Who built?', 'Ada Brenn', /too short/],
    ['When was the lighthouse built?', '1848', /not: 1848/],
    ['How far does the lamp reach?', '12 miles', /not: 12/],
    ['Who built the lighthouse of Ada Brenn?', 'Ada Brenn', /gives its answer away/],
    ['Which colour has grass in summer?', 'lamp', /not about the text/],
    ['Did the lighthouse of Velm win against Napoleon?', 'lamp', /names what the text does not: Napoleon/],
    ['Was the lighthouse built before 1700?', 'lamp', /names what the text does not: 1700/],
    ['Is the lighthouse still there?', 'yes', /says what the text does not/],
  ])('%j -> %j is dropped with its reason', (question, answer, reason) => {
    expect(pair(question, answer)).toMatch(reason)
  })
})

describe('free text', () => {
  test('in other words about the same things is kept', () => {
    expect(rewrite('Ada Brenn built the lighthouse in 1843; its lamp can reach 12.5 miles.')).toBeNull()
  })

  test('that invents a number or a name, or drifts off, is dropped', () => {
    expect(rewrite('The lighthouse was built in 1844 by Ada Brenn.')).toMatch(/not: 1844/)
    expect(rewrite('The lighthouse was built by Ada Lovelace.')).toMatch(/not: Lovelace/)
    expect(rewrite('Cooking soup takes patience, onions, salt and a lighthouse.')).toMatch(/found in the text/)
  })
})
