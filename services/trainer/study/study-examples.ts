// The lessons of the study adapter, made from passages with known questions: write all pairs of a passage, write the pair
// of a sentence, ask for a given answer, and answer with the text in view. Which passages and questions are taken is
// drawn by seed, so that a recipe names its data exactly.
import { shuffle } from '../../engine/random.ts'
import { openBookMessages } from '../../../shared/prompts.ts'
import type { PromptMessage } from '../../../shared/prompts.ts'
import { formatPairs } from './pairs.ts'
import type { Pair } from './pairs.ts'
import { questionForMessages, studyMessages } from './prompts.ts'
import { splitSentences } from './windows.ts'

export interface Passage {
  id: string
  title: string
  text: string
  questions: Pair[]
}

export interface Lesson {
  kind: 'passage_pairs' | 'sentence_pairs' | 'question_for' | 'open_book'
  messages: PromptMessage[]
  answer: string
}

/** Lessons of each kind that one passage gives; fewer where it has fewer questions. */
export interface LessonsPerPassage {
  passagePairs: number
  sentencePairs: number
  questionFor: number
  openBook: number
}

/** About 570 tokens a passage with the embedded base's tokenizer. */
export const LESSONS_PER_PASSAGE: LessonsPerPassage = { passagePairs: 1, sentencePairs: 2, questionFor: 2, openBook: 1 }

/** Longer ones would need a window of their own and teach nothing new. */
const PASSAGE_WORDS_MAX = 230

/** `count` passages drawn by seed, those too long for one window left out, and their lessons in drawn order. */
export function makeLessons(
  passages: readonly Passage[],
  count: number,
  seed: number,
  per: LessonsPerPassage = LESSONS_PER_PASSAGE,
): Lesson[] {
  const random = randomOf(seed)
  const usable = passages.filter(
    ({ text, questions }) => text.split(/\s+/u).length <= PASSAGE_WORDS_MAX && questions.length > 1,
  )
  return shuffle(usable, random)
    .slice(0, count)
    .flatMap((passage) => lessonsOf(passage, per, random))
}

function lessonsOf({ title, text, questions }: Passage, per: LessonsPerPassage, random: () => number): Lesson[] {
  const sentences = splitSentences(text)
  const homes = questions.flatMap((pair) => {
    const home = sentences.find((sentence) => sentence.includes(pair.answer))
    return home === undefined ? [] : [{ pair, home }]
  })
  const passagePairs = Array.from({ length: per.passagePairs }, (): Lesson => ({
    kind: 'passage_pairs',
    messages: studyMessages('question_answer', title, text),
    answer: formatPairs(shuffle(questions, random)),
  }))
  const sentencePairs = shuffle([...new Set(homes.map(({ home }) => home))], random)
    .slice(0, per.sentencePairs)
    .map((home): Lesson => ({
      kind: 'sentence_pairs',
      messages: studyMessages('question_answer', title, home),
      answer: formatPairs(homes.filter((other) => other.home === home).map(({ pair }) => pair)),
    }))
  const questionFor = shuffle(homes, random)
    .slice(0, per.questionFor)
    .map(({ pair, home }): Lesson => ({
      kind: 'question_for',
      messages: questionForMessages(title, home, pair.answer),
      answer: pair.question,
    }))
  const openBook = shuffle(questions, random)
    .slice(0, per.openBook)
    .map((pair): Lesson => ({
      kind: 'open_book',
      messages: openBookMessages(text, pair.question),
      answer: pair.answer,
    }))
  return [...passagePairs, ...sentencePairs, ...questionFor, ...openBook]
}

/** Mulberry32; not the engine's generator, because the lessons of the committed adapter were drawn with this one. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
