// A document cut into the views it is studied through: whole passages, halves of them, single sentences, pairs of
// neighbours. Long documents become several passages, because a small base asks about the first lines of a long text and
// forgets the rest.

export type WindowKind = 'passage' | 'part' | 'pair' | 'sentence'

export interface Window {
  kind: WindowKind
  /** `passage`, `passage 2`, `sentence 7`, `sentences 7-8`: what a self-edit names as its source. */
  source: string
  text: string
}

/** About the length the study adapter was trained on; a passage ends at a sentence's end. */
const PASSAGE_WORDS_MAX = 220
/** Half of a shorter passage would be a pair. */
const PART_SENTENCES_MIN = 5
/** A "sentence" longer than this (a table, a list, a text without full stops) is cut at words. */
const SENTENCE_WORDS_MAX = 90
/** Shorter lines are not cut off by a column; what goes on after a break is judged by the paragraph so far. */
const WRAPPED_LINE_MIN = 50
/** Up to 4,000 characters, to the end of a sentence if there is one, else to a space, else hard. */
const PIECE = /[^]{1,4000}[.!?。！？]["')\]”]*(?=\s|$)|[^]{1,4000}(?=\s|$)|[^]{1,4000}/gu
/** Ends that look like a sentence's and are not: initials and common short forms. */
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{Lu}\.)+$|\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|Jr|Sr|Gen|Col|Capt|Sen|Rep|Inc|Ltd|Co|ca|approx|e\.g|i\.e)\.$/u

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })

/** Sentences in order, trimmed, none empty; every word of the text is in exactly one. */
export function splitSentences(text: string): string[] {
  return splitParagraphs(text).flatMap((paragraph) => {
    const sentences: string[] = []
    let open = ''
    for (const { segment } of segmenter.segment(paragraph)) {
      open += segment
      if (ABBREVIATION.test(open.trimEnd())) continue
      sentences.push(...cutLong(open))
      open = ''
    }
    return [...sentences, ...cutLong(open)]
  })
}

/**
 * Pieces that no sentence crosses. A line break inside a sentence (text wrapped at a column) is a space; blank lines,
 * list items and short lines (headings, `key: value`) end one. Long pieces are cut, since the segmenter's time grows
 * with the square of the length (25 s for 600 kB in one piece).
 */
function splitParagraphs(text: string): string[] {
  const paragraphs: string[] = []
  let open = ''
  for (const line of text.split(/\r\n?|[\n\u2028\u2029]/u)) {
    const wrapped = open.length >= WRAPPED_LINE_MIN && !/[.!?:;]$/u.test(open) && /^\s?[\p{L}\p{N}("'“‘]/u.test(line)
    if (!wrapped && open !== '') {
      paragraphs.push(open)
      open = ''
    }
    open = open === '' ? line.trim() : `${open} ${line.trim()}`
  }
  return [...paragraphs, open].flatMap((paragraph) => paragraph.match(PIECE) ?? [])
}

/** Passages of whole sentences, in order; each at most about 220 words. */
export function splitPassages(sentences: readonly string[]): string[][] {
  const total = sentences.reduce((sum, sentence) => sum + countWords(sentence), 0)
  // Even shares rather than full passages and a stump: a last passage of one sentence gives poor pairs.
  const share = total / Math.max(1, Math.ceil(total / PASSAGE_WORDS_MAX))
  const passages: string[][] = []
  let words = 0
  for (const sentence of sentences) {
    // A sentence belongs to the share in which its middle lies.
    const at = Math.floor((words + countWords(sentence) / 2) / share)
    passages[at] = [...(passages[at] ?? []), sentence]
    words += countWords(sentence)
  }
  return passages.filter((passage) => passage.length > 0)
}

/** All windows of a document. None crosses a passage's border; a passage of one sentence is that sentence's only window. */
export function listWindows(text: string): Window[] {
  const passages = splitPassages(splitSentences(text))
  const windows: Window[] = []
  let before = 0
  for (const [index, sentences] of passages.entries()) {
    const source = passages.length === 1 ? 'passage' : `passage ${index + 1}`
    windows.push({ kind: 'passage', source, text: sentences.join(' ') })
    const several = (kind: WindowKind, from: number, to: number): Window => ({
      kind,
      source: `sentences ${before + from + 1}-${before + to}`,
      text: sentences.slice(from, to).join(' '),
    })
    if (sentences.length >= PART_SENTENCES_MIN) {
      const half = Math.ceil(sentences.length / 2)
      windows.push(several('part', 0, half), several('part', half, sentences.length))
    }
    if (sentences.length > 1)
      for (const [at, sentence] of sentences.entries())
        windows.push({ kind: 'sentence', source: `sentence ${before + at + 1}`, text: sentence })
    if (sentences.length > 2) for (const at of sentences.slice(1).keys()) windows.push(several('pair', at, at + 2))
    before += sentences.length
  }
  return windows
}

function countWords(text: string): number {
  return text.split(/\s+/u).length
}

function cutLong(segment: string): string[] {
  const words = segment.split(/\s+/u).filter((word) => word !== '')
  if (words.length === 0) return []
  const parts: string[] = []
  for (let start = 0; start < words.length; start += SENTENCE_WORDS_MAX)
    parts.push(words.slice(start, start + SENTENCE_WORDS_MAX).join(' '))
  return parts
}
