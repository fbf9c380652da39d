import { expect, test } from 'vitest'
import { parsePairs } from '../../../services/trainer/study/pairs.ts'
import { makeLessons } from '../../../services/trainer/study/study-examples.ts'

const passages = Array.from({ length: 9 }, (_, index) => ({
  id: `p${index}`,
  title: `Place ${index}`,
  text: `The tower of place ${index} has ${index + 10} steps. Its keeper is called Keeper ${index}.`,
  questions: [
    { question: `How many steps has tower ${index}?`, answer: `${index + 10} steps` },
    { question: `Who keeps tower ${index}?`, answer: `Keeper ${index}` },
  ],
}))

test('the same seed draws the same lessons, another seed others', () => {
  expect(makeLessons(passages, 4, 1)).toEqual(makeLessons(passages, 4, 1))
  expect(makeLessons(passages, 4, 1)).not.toEqual(makeLessons(passages, 4, 2))
})

test("a sentence's lesson asks only what that sentence answers", () => {
  const lessons = makeLessons(passages, 9, 3).filter(({ kind }) => kind === 'sentence_pairs')
  expect(lessons.length).toBe(18)
  for (const { messages, answer } of lessons)
    for (const pair of parsePairs(answer)) expect(messages.at(-1)?.content).toContain(pair.answer)
})
