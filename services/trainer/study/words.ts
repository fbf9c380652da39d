// Words as the study compares them, on top of the shared content words: "is this found in the passage" forgives spelling
// and endings of the same word, never another word.
import { contentWords } from '../../../shared/words.ts'

const WORD = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)?/gu

/** All words in order, lower case, without possessives and thousands separators: `Faraday's 1,250 coils`: faraday, 1250, coils. */
export function wordsOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? []
  return words.map((word) => word.replace(/['’]s$/u, '').replace(/,(?=\p{N}{3}(?!\p{N}))/gu, ''))
}

/** The stems that carry meaning; all words where a text has none (`The Who`). */
export function contentWordsOf(text: string): string[] {
  const content = contentWords(text)
  return content.length > 0 ? content : wordsOf(text)
}

/** Shared share of two texts' content words, 0 to 1 (Jaccard). */
export function overlapOf(one: string, other: string): number {
  const first = new Set(contentWordsOf(one))
  const second = new Set(contentWordsOf(other))
  if (first.size === 0 || second.size === 0) return 0
  const shared = [...first].filter((word) => second.has(word)).length
  return shared / (first.size + second.size - shared)
}
