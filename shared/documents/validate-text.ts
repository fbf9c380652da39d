// What can be learned from, decided before anything is stored. Each refusal says what to change. The bar is low on
// purpose: only texts that certainly hold nothing to ask about are refused here; a text whose study yields nothing ends
// as a failed update.
import { AppError } from '../errors.ts'

/** One megabyte of UTF-8: about two hundred thousand words, far more than an update can study. */
const textBytesMax = 1_000_000
export const titleLengthMax = 500
const sentencesMax = 2_000

/** Throws `invalid_request` or `payload_too_large` (field `text`). */
export function validateText(text: string): void {
  refuseUnreadable(text, 'text')
  if (text === '') throw invalid('text', 'text is empty: send the passage to learn')
  if (Buffer.byteLength(text, 'utf8') > textBytesMax) {
    throw new AppError('payload_too_large', 'text is over 1 MB of UTF-8: split it into several documents', {
      field: 'text',
    })
  }
  if (/^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(text)) {
    throw invalid('text', 'text is blank: send the passage to learn')
  }
  if (/^[\p{C}\s]*$/u.test(text)) {
    throw invalid('text', 'text holds only control characters: send the passage as plain text')
  }
  if (!holdsStatement(text)) {
    throw invalid('text', 'text holds no statement to ask about: send at least one sentence that tells something')
  }
}

/** Throws `invalid_request` (field `title`). */
export function validateTitle(title: string): void {
  refuseUnreadable(title, 'title')
  if (title.trim() === '') throw invalid('title', 'title is blank: name the document')
  if (title.length > titleLengthMax) throw invalid('title', `title is over ${titleLengthMax} characters: shorten it`)
}

/** Throws `invalid_request` for text that was decoded wrongly or that no database can keep. */
export function refuseUnreadable(text: string, field: string): void {
  if (text.includes('\0'))
    throw invalid(field, `${field} holds a NUL character: remove it, or send text, not a binary file`)
  if (/\p{Surrogate}/u.test(text)) {
    throw invalid(
      field,
      `${field} holds half of a surrogate pair: it was cut inside a character; send whole characters`,
    )
  }
  const replacements = text.match(/\uFFFD/g)?.length ?? 0
  // A lone one may stand in a genuine text (this very rule explained); two together or many are a wrong decoding.
  if (/\uFFFD\uFFFD/.test(text) || replacements * 200 > text.length) {
    throw invalid(field, `${field} holds U+FFFD characters: it was not UTF-8 when it was read; convert it first`)
  }
  // Tabs and line ends apart, control characters come from binary files.
  const controls = text.match(/(?![\t\n\v\f\r\u0085])\p{Cc}/gu)?.length ?? 0
  if (controls * 10 > text.length && /[\p{L}\p{N}]/u.test(text)) {
    throw invalid(field, `${field} is full of control characters: send plain text`)
  }
}

/**
 * A sentence that is no question, with three different words of which one carries meaning: less cannot name a thing and
 * say something of it. Words by Unicode's rules and dictionaries, so that texts without spaces count too. Only so many
 * different sentences are looked at, because a megabyte of them would hold up every other request for seconds.
 */
export function holdsStatement(text: string): boolean {
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' })
  const seen = new Set<string>()
  for (const [sentence] of text.matchAll(/[^.!?。！？؟\n]+[.!?。！？؟]*/gu)) {
    if (seen.has(sentence) || /[?？؟]\s*$/.test(sentence)) continue
    if (seen.add(sentence).size > sentencesMax) return true
    const words = new Set<string>()
    for (const { segment, isWordLike } of segmenter.segment(sentence.slice(0, 2_000))) {
      if (isWordLike === true) words.add(segment.toLowerCase())
    }
    const meaningful = [...words].some((word) => /\p{L}/u.test(word) && !functionWords.has(word))
    if (words.size >= 3 && meaningful) return true
  }
  return false
}

const functionWords = new Set(
  (
    'a an the this that these those and or but nor so yet if then than as at by for from in into of off on onto out ' +
    'over to up with is are was were be been being am do does did have has had will would shall should can could may ' +
    'might must not no yes i you he she it we they me him her us them my your his its our their who whom whose which ' +
    'what when where why how there here'
  ).split(' '),
)

function invalid(field: string, message: string): AppError {
  return new AppError('invalid_request', message, { field })
}
