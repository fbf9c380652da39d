// The faithfulness filter: why a self-edit must not be trained on, judged by words alone. Asking the pair back with the
// passage in view (a round trip) dropped more good pairs than bad ones and cost a generation each, so it is not here.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { contentWordsOf, wordsOf } from './words.ts'

const QUESTION_WORDS_MAX = 40
const ANSWER_WORDS_MAX = 25
/** Free text may use other words for the same thing, but most of what it is about must be the passage's. */
const FREE_TEXT_FOUND_MIN = 0.6

/** What a self-edit is checked against; made once for a document. */
export interface Ground {
  /** Words and stems of title and text. */
  words: ReadonlySet<string>
  /** All words in order: what stands in the text word for word is found in it. */
  running: string
}

export function groundOf(title: string, text: string): Ground {
  const all = `${title}\n${text}`
  const words = wordsOf(all)
  return { words: new Set([...words, ...contentWordsOf(all)]), running: ` ${words.join(' ')} ` }
}

/** The first fault in one sentence, or null. Cloze and restatement edits are the document's own words: never at fault. */
export function findFault(edit: Pick<SelfEdit, 'format' | 'prompt' | 'completion'>, ground: Ground): string | null {
  switch (edit.format) {
    case 'question_answer':
      return findPairFault(edit.prompt, edit.completion, ground)
    case 'rewrite':
    case 'implication':
    case 'implication_long':
      return findFreeTextFault(edit.completion, ground)
    case 'cloze':
    case 'restatement':
      return null
  }
}

function findPairFault(question: string, answer: string, ground: Ground): string | null {
  const questionWords = wordsOf(question)
  const answerWords = wordsOf(answer)
  if (questionWords.length === 0) return 'the question is empty'
  if (answerWords.length === 0) return 'the answer is empty'
  if (questionWords.length < 3) return 'the question is too short to be understood without the text'
  if (questionWords.length > QUESTION_WORDS_MAX) return `the question is longer than ${QUESTION_WORDS_MAX} words`
  if (answerWords.length > ANSWER_WORDS_MAX) return `the answer is longer than ${ANSWER_WORDS_MAX} words`
  const missing = missingOf(answer, ground)
  if (missing.length > 0) return `the answer says what the text does not: ${missing.join(', ')}`
  const asked = new Set([...questionWords, ...contentWordsOf(question)])
  if (contentWordsOf(answer).every((word) => asked.has(word))) return 'the question gives its answer away'
  if (!contentWordsOf(question).some((word) => ground.words.has(word))) return 'the question is not about the text'
  const invented = inventedNames(question, ground)
  if (invented.length > 0) return `the question names what the text does not: ${invented.join(', ')}`
  return null
}

function findFreeTextFault(text: string, ground: Ground): string | null {
  const words = contentWordsOf(text)
  if (words.length < 3) return 'too short to say anything'
  const invented = inventedNames(text, ground)
  if (invented.length > 0) return `names what the text does not: ${invented.join(', ')}`
  const found = words.filter((word) => ground.words.has(word)).length / words.length
  return found < FREE_TEXT_FOUND_MIN ? `only ${Math.round(found * 100)} % of its words are found in the text` : null
}

/** Content words of an answer that the text does not have; an answer that stands in it word for word has none missing. */
function missingOf(answer: string, ground: Ground): string[] {
  if (ground.running.includes(` ${wordsOf(answer).join(' ')} `)) return []
  return contentWordsOf(answer).filter((word) => !ground.words.has(word))
}

/** Numbers, and capitalised words not at a sentence's start, that the text does not have. */
function inventedNames(text: string, ground: Ground): string[] {
  const names = [...text.matchAll(/(?<=[^\s.!?:]\s+["'“(]?)\p{Lu}[\p{L}\p{N}'’]+|\p{N}+(?:[.,]\p{N}+)*/gu)].map(
    ([name]) => name,
  )
  return names.filter((name) => missingOf(name, ground).length > 0)
}
