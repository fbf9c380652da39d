// PDF as text. A PDF knows places, not paragraphs: lines become paragraphs by the distance between them, headings by
// their size, and what stands at the edge of most pages (the running title, the page number) is left out.
import { getDocumentProxy } from 'unpdf'
import { unreadable, type ExtractedText } from './extracted-text.ts'

interface Line {
  text: string
  /** Distance of the baseline from the page's lower edge, and height of the letters, in points. */
  y: number
  height: number
}

/** What is used of pdf.js, whose own types refer to files that its package lacks. */
interface PdfDocument {
  numPages: number
  getPage(number: number): Promise<{ getTextContent(): Promise<{ items: readonly object[] }>; cleanup(): unknown }>
  getMetadata(): Promise<{ info: object }>
  cleanup(): Promise<unknown>
}

/** A run of letters, and where it stands. */
interface TextItem {
  str: string
  hasEOL: boolean
  height: number
  /** A matrix; the last two numbers are the place. */
  transform: readonly number[]
}

const pagesMax = 2_000
/** Of the usual distance between lines; a wider one parts paragraphs. */
const PARAGRAPH_GAP = 1.35
/** Of the usual height of letters. */
const HEADING_HEIGHT = 1.15
const HEADING_LENGTH_MAX = 120

/** Throws `unprocessable_document`. The title is the document's property, else its first heading. */
export async function readPdf(bytes: Uint8Array): Promise<ExtractedText> {
  const document = await openPdf(bytes)
  try {
    if (document.numPages > pagesMax) throw unreadable(`The PDF has more than ${pagesMax} pages: split it.`)
    const pages: Line[][] = []
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      pages.push(linesOf(items.filter(isText)))
      page.cleanup()
    }
    const text = textOf(withoutEdges(pages))
    if (text === '')
      throw unreadable('The PDF holds no text, only pictures of pages: run text recognition (OCR) on it first.')
    const { info } = await document.getMetadata()
    const named = 'Title' in info && typeof info.Title === 'string' ? info.Title.trim() : ''
    const isName = /^(untitled|microsoft word - .*|.*\.(docx?|tex|indd|pdf))$/iu.test(named)
    const heading = /^# (.+)$/mu.exec(text)?.[1] ?? null
    return { title: named === '' || isName ? heading : named, text }
  } finally {
    await document.cleanup()
  }
}

async function openPdf(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    const document: unknown = await getDocumentProxy(bytes, { verbosity: 0 })
    return document as PdfDocument
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'it is damaged'
    throw unreadable(`The PDF cannot be opened: ${message.replace(/\.$/u, '')}.`, cause)
  }
}

/** Marks of structure come between them. */
function isText(item: object): item is TextItem {
  return 'str' in item
}

function linesOf(items: readonly TextItem[]): Line[] {
  const lines: Line[] = []
  let open: Line | undefined
  for (const { str, hasEOL, height, transform } of items) {
    const y = transform[5] ?? 0
    if (open !== undefined && Math.abs(open.y - y) > open.height / 2 && str.trim() !== '') {
      lines.push(open)
      open = undefined
    }
    if (open === undefined) open = { text: str, y, height }
    else open = { text: open.text + str, y: open.y, height: Math.max(open.height, height) }
    if (!hasEOL) continue
    lines.push(open)
    open = undefined
  }
  if (open !== undefined) lines.push(open)
  return lines
    .map((line) => ({ ...line, text: line.text.replace(/\s+/gu, ' ').trim() }))
    .filter(({ text }) => text !== '')
}

/** Of three pages or more, the highest and the lowest line where most pages share it, numbers aside. */
function withoutEdges(pages: readonly Line[][]): Line[][] {
  if (pages.length < 3) return [...pages]
  const highest = (page: Line[]) =>
    page.reduce<Line | undefined>((top, line) => (line.y > (top?.y ?? -Infinity) ? line : top), undefined)
  const lowest = (page: Line[]) =>
    page.reduce<Line | undefined>((low, line) => (line.y < (low?.y ?? Infinity) ? line : low), undefined)
  return [highest, lowest].reduce<Line[][]>(
    (left, edgeOf) => {
      const keyOf = (page: Line[]): string => (edgeOf(page)?.text ?? '').replace(/\d+/gu, '#')
      const counts = new Map<string, number>()
      for (const page of left) counts.set(keyOf(page), (counts.get(keyOf(page)) ?? 0) + 1)
      const isShared = (page: Line[]): boolean => (counts.get(keyOf(page)) ?? 0) > left.length / 2
      return left.map((page) => {
        const edge = edgeOf(page)
        return isShared(page) ? page.filter((line) => line !== edge) : page
      })
    },
    [...pages],
  )
}

function textOf(pages: readonly Line[][]): string {
  const lines = pages.flat()
  const usualHeight = quantile(
    lines.map(({ height }) => height),
    0.5,
  )
  const gaps = pages.flatMap((page) => page.slice(1).map((line, index) => (page[index]?.y ?? 0) - line.y))
  // Within a paragraph lines are closest, and most lines are within one.
  const usualGap = quantile(
    gaps.filter((gap) => gap > 0),
    0.25,
  )
  const isHeading = ({ text, height }: Line): boolean =>
    height > usualHeight * HEADING_HEIGHT && text.length <= HEADING_LENGTH_MAX && /\p{L}/u.test(text)
  const paragraphs: string[] = []
  let before: Line | undefined
  for (const [page, line] of pages.flatMap((each, number) => each.map((one) => [number, one] as const))) {
    const isFirst = line === pages[page]?.[0]
    // Over the end of a page a sentence goes on; a paragraph that ended there ended there.
    const goesOn = before !== undefined && (isFirst ? !/[.!?:]["”’)]?$/u.test(before.text) : isNear(before, line))
    const last = paragraphs.at(-1)
    if (isHeading(line)) paragraphs.push(`# ${line.text}`)
    else if (last === undefined || !goesOn || (before !== undefined && isHeading(before))) paragraphs.push(line.text)
    else paragraphs[paragraphs.length - 1] = join(last, before?.text ?? '', line.text)
    before = line
  }
  return paragraphs.join('\n\n')

  function isNear(above: Line, below: Line): boolean {
    return above.y - below.y <= usualGap * PARAGRAPH_GAP
  }
}

/** A word that was parted at the end of the line above is one again. */
function join(paragraph: string, above: string, below: string): string {
  return /\p{L}-$/u.test(above) && /^\p{Ll}/u.test(below) ? paragraph.slice(0, -1) + below : `${paragraph} ${below}`
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}
