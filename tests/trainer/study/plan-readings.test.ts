import { expect, test } from 'vitest'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { planReadings } from '../../../services/trainer/study/plan-readings.ts'
import { questionForMessages, studyMessages } from '../../../services/trainer/study/prompts.ts'

const text =
  'The lamp of Varn burns oil. Ilse Marrow built it in 1871. It turns once in 9 seconds. Ships pass it by night.'
const writer = { origin: 'model' as const, promptFor: studyMessages, questionPromptFor: questionForMessages }
const asked = (document: { title: string; text: string }, settings = STUDY_SETTINGS) =>
  planReadings(document, settings, writer).map(({ messages }) => messages.at(-1)?.content ?? '')

test('every sentence is read alone and asked about by its names and numbers', () => {
  const prompts = asked({ title: 'Varn', text })
  for (const sentence of text.split(/(?<=\.) /u))
    expect(prompts.some((prompt) => prompt.includes(`\n${sentence}\n`))).toBe(true)
  expect(prompts.some((prompt) => prompt.endsWith('the answer: 9 seconds'))).toBe(true)
})

test('every prompt names the title, since a sentence alone is full of pronouns', () => {
  for (const prompt of asked({ title: 'Varn', text })) expect(prompt).toMatch(/^Varn\n/)
})

test('a long text is read thinly to its end rather than fully at its beginning', () => {
  const long = Array.from(
    { length: 400 },
    (_, index) => `Gate ${index} of the wall has ${index + 3} guards and a bell.`,
  ).join(' ')
  const prompts = asked({ title: 'Wall', text: long }, { ...STUDY_SETTINGS, readingsMax: 100 })
  expect(prompts).toHaveLength(100)
  for (const gate of [0, 100, 200, 300, 399])
    expect(prompts.some((prompt) => prompt.includes(`Gate ${gate} `))).toBe(true)
})

test('other formats are written when the settings ask for them', () => {
  const tasks = (shares: typeof STUDY_SETTINGS.shares) =>
    new Set(asked({ title: 'Varn', text }, { ...STUDY_SETTINGS, shares }).map((prompt) => prompt.split('\n').at(-1)))
  expect(tasks({ rewrite: 1, implication: 2, implication_long: 1 }).size).toBe(3)
  expect(tasks({ rewrite: 1, implication: 0 }).size).toBe(1)
  expect(tasks({ cloze: 1 }).size).toBe(0)
})

test('a pass reads the windows it names as often as it says, with its own temperature and seed', () => {
  const five = `${text} The bell is cast of 3 metals.`
  const pass = { readings: { part: 3 }, answersPerSentence: 0, temperature: 0.7, topP: 1, seed: 42 }
  const readings = planReadings({ title: 'Varn', text: five }, { ...STUDY_SETTINGS, passes: [pass] }, writer)
  expect(readings).toHaveLength(6)
  for (const reading of readings) expect(reading.pass).toBe(pass)
  const halves = new Set(readings.map(({ messages }) => messages.at(-1)?.content.split('\n')[1]))
  expect([...halves].join(' ')).toBe(five)
})
