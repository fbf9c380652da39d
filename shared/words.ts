// The words of a text that carry its content, cut to their stems: what the router matches and the grader compares.
// The stemmer takes off plural and verb endings only. A full one merges more words than it helps; measured on the
// pool, these few rules lift top-1 routing among 200 documents from .90 to .93.

const STOP_WORDS = new Set(
  (
    'a an the this that these those it its they them their he him his she her we us our you your i me my ' +
    'of in on at to from by for with as into about and or than then also there ' +
    'is are was were be been being do does did has have had can could will would shall should may might must ' +
    'what which who whom whose when where why how'
  ).split(' '),
)

/** Scripts written without spaces give one word per character. */
const WORD =
  /\p{N}+(?:\.\p{N}+)?|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}]+/gu

/**
 * Content words in order, repeats kept: lower case, no diacritics, no stop words, stems. Thousands separators vanish
 * (`1,200` is `1200`) and letters part from digits (`38th` is `38`, `th`).
 */
export function contentWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/['’]s\b/g, '')
    .replace(/(\d),(?=\d{3})/g, '$1')
    .toLowerCase()
  return (plain.match(WORD) ?? []).filter((word) => !STOP_WORDS.has(word)).map(stem)
}

/** Words of any kind, stop words too; a character each in scripts without spaces. */
export function countWords(text: string): number {
  return text.match(WORD)?.length ?? 0
}

function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word
  return word
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(?:ing|ed)$/, '')
    .replace(/(?:ly|e|y)$/, '')
}
