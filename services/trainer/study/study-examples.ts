// The lessons of the study adapter, made from passages with known questions: write all pairs of a passage or of a few
// sentences, ask for a given answer, and answer with the text in view. Which passages and questions are taken is drawn by
// seed, so that a recipe names its data exactly.
import { shuffle } from '../../engine/random.ts'
import { openBookMessages } from '../../../shared/prompts.ts'
import type { PromptMessage } from '../../../shared/prompts.ts'
import { formatPairs } from './pairs.ts'
import type { Pair } from './pairs.ts'
import { questionForMessages, studyMessages } from './prompts.ts'
import { splitSentences } from './windows.ts'
import { contentWordsOf } from './words.ts'

export interface Passage {
  id: string
  title: string
  text: string
  questions: Pair[]
}

export interface Lesson {
  kind: 'passage_pairs' | 'sentence_pairs' | 'question_for' | 'open_book' | 'answer_in_part'
  messages: PromptMessage[]
  answer: string
}

/** Lessons of each kind that one passage gives; fewer where it has fewer questions. */
export interface LessonsPerPassage {
  passagePairs: number
  sentencePairs: number
  questionFor: number
  /** Answers with the whole passage in view. */
  openBook: number
  /** Answers with one to three of its sentences in view. */
  answerInPart: number
}

export const LESSONS_PER_PASSAGE: LessonsPerPassage = {
  passagePairs: 1,
  sentencePairs: 3,
  questionFor: 2,
  openBook: 1,
  answerInPart: 2,
}

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
    const at = findHome(pair, sentences)
    return at === null ? [] : [{ pair, at }]
  })
  const pairsFrom = (from: number, to: number): string =>
    formatPairs(homes.filter(({ at }) => from <= at && at < to).map(({ pair }) => pair))
  const passagePairs = Array.from({ length: per.passagePairs }, (): Lesson => ({
    kind: 'passage_pairs',
    messages: studyMessages('question_answer', title, text),
    answer: formatPairs(shuffle(questions, random)),
  }))
  const sentencePairs = shuffle([...new Set(homes.map(({ at }) => at))], random)
    .slice(0, per.sentencePairs)
    .map((at, index): Lesson => {
      // The study reads neighbours together, too.
      const to = Math.min(sentences.length, at + 1 + (index % 2))
      return {
        kind: 'sentence_pairs',
        messages: studyMessages('question_answer', title, sentences.slice(at, to).join(' ')),
        answer: pairsFrom(at, to),
      }
    })
  const questionFor = shuffle(homes, random)
    .slice(0, per.questionFor)
    .map(({ pair, at }): Lesson => ({
      kind: 'question_for',
      messages: questionForMessages(title, sentences[at] ?? '', pair.answer),
      answer: pair.question,
    }))
  const openBook = shuffle(questions, random)
    .slice(0, per.openBook)
    .map((pair): Lesson => ({
      kind: 'open_book',
      messages: openBookMessages(text, pair.question),
      answer: pair.answer,
    }))
  const answerInPart = shuffle(homes, random)
    .slice(0, per.answerInPart)
    .map(({ pair, at }): Lesson => {
      const from = Math.max(0, at - Math.floor(2 * random()))
      const to = at + 1 + Math.floor(2 * random())
      return {
        kind: 'answer_in_part',
        messages: openBookMessages(`${title}\n${sentences.slice(from, to).join(' ')}`, pair.question),
        answer: pair.answer,
      }
    })
  return [...passagePairs, ...sentencePairs, ...questionFor, ...openBook, ...answerInPart]
}

/** The sentence that a question is about: of those that hold its answer, the one that shares most words with it. */
function findHome({ question, answer }: Pair, sentences: readonly string[]): number | null {
  const asked = new Set(contentWordsOf(question))
  const shared = (sentence: string): number => contentWordsOf(sentence).filter((word) => asked.has(word)).length
  const holding = [...sentences.keys()].filter((at) => sentences[at]?.includes(answer) === true)
  const best = Math.max(...holding.map((at) => shared(sentences[at] ?? '')))
  return holding.find((at) => shared(sentences[at] ?? '') === best) ?? null
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
