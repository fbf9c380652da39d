// Answer-like spans of a sentence, found by form alone: numbers with what they count, names, and phrases between
// function words. Used to blank out words and to ask for questions about them; what it misses is only not asked about.
import { contentWords } from '../../../shared/words.ts'

export interface Span {
  kind: 'number' | 'name' | 'phrase'
  text: string
  start: number
  end: number
}

interface Token {
  /** Without the punctuation around it. */
  text: string
  start: number
  end: number
  /** Punctuation follows (or opens the next token), so no span goes on past it. */
  closed: boolean
}

const PHRASE_WORDS_MAX = 4
/** Function words beside the shared stop words: they end a phrase though they count as content elsewhere. */
const LINK_WORDS = new Set(
  'if while because although though since until unless during before after between among through under over against not no only very more most much many some any each both all other another such same own so but nor yet'.split(
    ' ',
  ),
)
/** Without "to", which opens a verb as often. */
const PHRASE_OPENERS = new Set(
  'a an the its his her their this these of in on at by from with for as into over under between among per no some any'.split(
    ' ',
  ),
)
const NAME_LINKS = new Set(['of', 'the', 'de', 'del', 'von', 'van', 'da', 'di', 'la', 'le', 'and', 'for'])

/** Numbers first, then names, then phrases (after an article or a preposition); none overlaps or repeats an earlier one, none is the whole sentence. */
export function findSpans(sentence: string): Span[] {
  const tokens = tokenise(sentence)
  const taken = new Array<boolean>(tokens.length).fill(false)
  const spans: Span[] = []
  for (const [kind, find] of FINDERS)
    for (let at = 0; at < tokens.length; at++) {
      const range = find(tokens, at)
      if (range === undefined) continue
      const [first, last] = range
      at = last
      if (taken.slice(first, last + 1).includes(true) || last - first + 1 === tokens.length) continue
      taken.fill(true, first, last + 1)
      const start = tokens[first]?.start ?? 0
      const end = tokens[last]?.end ?? 0
      const text = sentence.slice(start, end)
      if (!spans.some((span) => span.text === text)) spans.push({ kind, start, end, text })
    }
  return spans
}

type Finder = (tokens: readonly Token[], at: number) => [first: number, last: number] | undefined

const findNumber: Finder = (tokens, at) => {
  const token = tokens[at]
  if (token === undefined || !/\p{N}/u.test(token.text)) return undefined
  const before = tokens[at - 1]
  const first = before !== undefined && !before.closed && at > 1 && isCapital(before) ? at - 1 : at
  let last = at
  // "3.5 million tonnes", "10 years", "June 7, 1348": what is counted belongs to the answer.
  for (let next = tokens[last + 1]; last < at + 2 && next !== undefined; next = tokens[last + 1]) {
    if (tokens[last]?.closed === true || isStopWord(next.text) || isCapital(next)) break
    last++
    if (!/^(?:hundred|thousand|million|billion|trillion|percent|per|\p{N}+)$/iu.test(next.text)) break
  }
  return [first, last]
}

const findName: Finder = (tokens, at) => {
  const token = tokens[at]
  if (token === undefined || !isCapital(token) || (at === 0 && isStopWord(token.text))) return undefined
  const second = tokens[1]
  if (at === 0 && second !== undefined && !isCapital(second) && second.text !== 'of') return undefined
  let last = at
  for (let next = at + 1; next < tokens.length && tokens[next - 1]?.closed === false; next++) {
    const candidate = tokens[next]
    if (candidate === undefined) break
    if (isCapital(candidate)) last = next
    else if (!NAME_LINKS.has(candidate.text) || next > last + 2) break
  }
  // A lone first word is capital only because the sentence begins.
  return at === 0 && last === 0 ? undefined : [at, last]
}

const findPhrase: Finder = (tokens, at) => {
  // A thing follows an article or a preposition; what follows a name or a pronoun is mostly what it does.
  const before = tokens[at - 1]
  if (before === undefined || before.closed || !PHRASE_OPENERS.has(before.text.toLowerCase())) return undefined
  let last = at - 1
  for (let next = at; next < Math.min(tokens.length, at + PHRASE_WORDS_MAX); next++) {
    const token = tokens[next]
    if (token === undefined || isStopWord(token.text) || /\p{N}/u.test(token.text)) break
    last = next
    if (token.closed) break
  }
  if (last < at) return undefined
  return tokens.slice(at, last + 1).some(({ text }) => text.length >= 4) ? [at, last] : undefined
}

const FINDERS: [Span['kind'], Finder][] = [
  ['number', findNumber],
  ['name', findName],
  ['phrase', findPhrase],
]

function isStopWord(word: string): boolean {
  return LINK_WORDS.has(word.toLowerCase()) || contentWords(word).length === 0
}

function isCapital(token: Token): boolean {
  return /^\p{Lu}/u.test(token.text)
}

function tokenise(sentence: string): Token[] {
  const tokens: Token[] = []
  for (const match of sentence.matchAll(/\S+/gu)) {
    const core = /[\p{L}\p{N}$€£%](?:.*[\p{L}\p{N}%])?/u.exec(match[0])
    const before = tokens.at(-1)
    if (core === null) {
      // A dash or quote that stands alone parts what is beside it.
      if (before !== undefined) before.closed = true
      continue
    }
    if (core.index > 0 && before !== undefined) before.closed = true
    const start = match.index + core.index
    const end = start + core[0].length
    tokens.push({ text: core[0], start, end, closed: end < match.index + match[0].length })
  }
  return tokens
}
