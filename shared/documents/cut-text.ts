// A long text as several documents of about equal size, cut at headings and paragraphs where it can be. Each keeps the
// title, with the heading it stands under: a passage that does not say what it is about cannot be studied. Nothing is
// left out; a part without a statement of its own (a table of contents) goes with its neighbour.
import { countWords } from '../words.ts'
import { holdsStatement, titleLengthMax } from './validate-text.ts'

export interface TextPart {
  title: string
  text: string
}

interface Block {
  text: string
  words: number
  /** The words of a heading line; null for any other block. */
  heading: string | null
}

/** Up to the end of a sentence, or so far without one. */
const SENTENCE = /[^.!?。！？]{0,1000}[.!?。！？]+["'”’)\]]*\s*|[^]{1,1000}/gu
/** From this share of a part on, a heading begins the next. */
const SECTION_SHARE_MIN = 2 / 3
/** A last part smaller than this share of the others is added to the one before. */
const LAST_SHARE_MIN = 0.25

/** Parts of at most about `wordsMax` words, numbered in their titles where there are several. */
export function cutText(title: string, text: string, wordsMax: number): TextPart[] {
  const blocks = blocksOf(text, wordsMax)
  const total = blocks.reduce((sum, { words }) => sum + words, 0)
  if (total <= wordsMax) return [{ title, text }]
  const limit = Math.min(wordsMax, Math.ceil((total / Math.ceil(total / wordsMax)) * 1.1))
  const parts = mergePoor(pack(blocks, limit), limit)
  if (parts.length === 1) return [{ title, text }]
  let under = ''
  return parts.map((part, index) => {
    // The title's own words as the first heading tell nothing more.
    const headings = part.flatMap(({ heading }) => (heading === null || heading === title ? [] : heading))
    const beginsWithOne = (part[0]?.heading ?? null) !== null
    // About the heading that it begins with; else about the one that its first words stand under.
    const about = beginsWithOne || under === '' ? (headings[0] ?? '') : under
    under = headings.at(-1) ?? under
    return { title: titleOf(title, about, ` (${index + 1} of ${parts.length})`), text: textOf(part) }
  })
}

function titleOf(title: string, heading: string, number: string): string {
  const section = heading === '' ? '' : `: ${heading}`
  return [...`${title}${section}`].slice(0, titleLengthMax - number.length - 10).join('') + number
}

function blocksOf(text: string, wordsMax: number): Block[] {
  return text.split(/\n\s*\n/u).flatMap((paragraph) => {
    const lines = paragraph.split(/^(#{1,6}[ \t]+.*)$/mu).filter((part) => part.trim() !== '')
    return lines.flatMap((part): Block[] => {
      const heading = /^#{1,6}[ \t]+(.{1,300})$/u.exec(part)?.[1]?.trim() ?? null
      const block = { text: part.replace(/^\n+/u, '').trimEnd(), words: countWords(part), heading }
      return block.words <= wordsMax ? [block] : cutBlock(block.text, wordsMax)
    })
  })
}

/** A paragraph longer than a part may be, at its sentences. */
function cutBlock(text: string, wordsMax: number): Block[] {
  const blocks: Block[] = []
  let open = ''
  let words = 0
  for (const [sentence] of text.matchAll(SENTENCE)) {
    const more = countWords(sentence)
    if (open !== '' && words + more > wordsMax) {
      blocks.push({ text: open.trim(), words, heading: null })
      open = ''
      words = 0
    }
    open += sentence
    words += more
  }
  return open.trim() === '' ? blocks : [...blocks, { text: open.trim(), words, heading: null }]
}

function pack(blocks: readonly Block[], limit: number): Block[][] {
  const parts: Block[][] = []
  let open: Block[] = []
  let words = 0
  for (const block of blocks) {
    const opensSection = block.heading !== null && words >= limit * SECTION_SHARE_MIN
    if (open.length > 0 && (words + block.words > limit || opensSection)) {
      // A heading at the end belongs to what follows it.
      const from = open.findLastIndex(({ heading }) => heading === null) + 1
      const carried = from === 0 ? [] : open.splice(from)
      parts.push(open)
      open = carried
      words = wordsOf(open)
    }
    open.push(block)
    words += block.words
  }
  return open.length === 0 ? parts : [...parts, open]
}

/** Each part is looked at once: a text of a megabyte without a statement must not be looked through for every part of it. */
function mergePoor(parts: readonly Block[][], limit: number): Block[][] {
  const merged: { blocks: Block[]; isPoor: boolean }[] = []
  for (const [index, part] of parts.entries()) {
    const before = merged.at(-1)
    const isPoor = !holdsStatement(textOf(part))
    const isSmall = index === parts.length - 1 && wordsOf(part) < limit * LAST_SHARE_MIN
    if (before === undefined || !(isPoor || isSmall || before.isPoor)) merged.push({ blocks: [...part], isPoor })
    else {
      for (const block of part) before.blocks.push(block)
      before.isPoor &&= isPoor
    }
  }
  return merged.map(({ blocks }) => blocks)
}

const wordsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { words }) => sum + words, 0)
const textOf = (blocks: readonly Block[]): string => blocks.map(({ text }) => text).join('\n\n')
