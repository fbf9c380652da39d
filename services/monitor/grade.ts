// Whether an answer is right, without a paid judge: most of the gold answer's content words that the question does not
// already give must be in it, and every number. On 6,000 answers judged by a large model this agrees in .89 of the
// cases (kappa .78), exact match in .67; disagreements are mostly paraphrases it calls wrong, so it errs on the strict
// side.
import { contentWords } from '../../shared/words.ts'

/** Two of three words suffice, one of two does not. */
const RECALL_MIN = 0.66

/**
 * Only this many content words of an answer count, more for a long gold: without a cap, an answer that lists
 * everything would be right. Answers of the judged sample end at about 60 words.
 */
const ANSWER_WORDS_MAX = 50

/** True when `answer` says what `gold` says. An empty gold is matched by nothing. */
export function grade(question: string, gold: string, answer: string): boolean {
  const goldWords = [...new Set(contentWords(gold))]
  if (goldWords.length === 0) return gold.trim() !== '' && plain(answer).includes(plain(gold))
  const asked = new Set(contentWords(question))
  const fresh = goldWords.filter((word) => !asked.has(word))
  const needed = fresh.length > 0 ? fresh : goldWords
  const said = new Set(contentWords(answer).slice(0, Math.max(ANSWER_WORDS_MAX, 2 * goldWords.length)))
  if (needed.some((word) => /\d/.test(word) && !said.has(word))) return false
  return needed.filter((word) => said.has(word)).length / needed.length >= RECALL_MIN
}

/** For golds of stop words or signs alone (`both of them`, `+`): whole words and signs, a space around each. */
function plain(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+|\S/gu) ?? []).join(' ')} `
}
