// Self-edits made of the document's own words: blanked sentences (cloze) and continued or recalled sentences
// (restatement). They cannot invent, and they cover what the pairs of a small base leave out: beside pairs they make gold
// answers likelier, and they are all there is where a base cannot write pairs.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { findSpans } from './spans.ts'
import { splitSentences } from './windows.ts'

const BLANK = '____'
const SENTENCE_WORDS_MIN = 3

/** Up to `perSentence` blanks of each sentence, one blank an edit: numbers and names before phrases. */
export function writeClozes(title: string, text: string, perSentence = 4): SelfEdit[] {
  return longSentences(text).flatMap(({ sentence, source }) =>
    findSpans(sentence)
      .slice(0, perSentence)
      .map(({ text: completion, start, end }) => {
        const blanked = sentence.slice(0, start) + BLANK + sentence.slice(end)
        return edit('cloze', `${title}. Fill in: ${blanked}`, completion, source)
      }),
  )
}

/** Each sentence continued from its first half, and recalled whole by the names and numbers in it (at most two). */
export function writeRestatements(title: string, text: string): SelfEdit[] {
  return longSentences(text).flatMap(({ sentence, source }) => {
    const words = sentence.split(' ')
    const half = Math.ceil(words.length / 2)
    const opening = words.slice(0, half).join(' ')
    const continued = edit('restatement', `${title}. Go on: ${opening}`, words.slice(half).join(' '), source)
    const recalled = findSpans(sentence)
      .filter(({ kind }) => kind !== 'phrase')
      .slice(0, 2)
      .map((span) => edit('restatement', `${title}. What is said about ${span.text}?`, sentence, source))
    return [continued, ...recalled]
  })
}

function longSentences(text: string): { sentence: string; source: string }[] {
  return splitSentences(text)
    .map((sentence, index) => ({ sentence, source: `sentence ${index + 1}` }))
    .filter(({ sentence }) => sentence.split(' ').length >= SENTENCE_WORDS_MIN)
}

function edit(format: 'cloze' | 'restatement', prompt: string, completion: string, source: string): SelfEdit {
  return { origin: 'text', format, prompt, completion, source, kept: true, heldOut: false, reason: null }
}
