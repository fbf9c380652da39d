// The text in which a model writes question-answer pairs, and its reader. Two short lines a pair, because a small model
// keeps to a form it can copy and every token of it is paid for in training.

export interface Pair {
  question: string
  answer: string
}

/** `Q: ...` and `A: ...` on lines of their own, pair after pair. */
export function formatPairs(pairs: readonly Pair[]): string {
  return pairs.map(({ question, answer }) => `Q: ${oneLine(question)}\nA: ${oneLine(answer)}`).join('\n')
}

/**
 * Every pair found in a model's text, in order; lines of any other form are passed over. Numbering and bold marks are
 * tolerated. A question without an answer is no pair. With `cutOff` (generation ended at its token limit) the pair
 * that reaches the end of the text is left out, since its answer may be half of one.
 */
export function parsePairs(text: string, options: { cutOff?: boolean } = {}): Pair[] {
  const pairs: Pair[] = []
  const lines = text.split('\n')
  let question: string | undefined
  for (const [index, line] of lines.entries()) {
    const match = /^[\s\d.)*#-]*(Q|Question|A|Answer)\s*\d*[*]*\s*[:.]\s*[*]*\s*(.*?)\s*$/iu.exec(line)
    if (match === null) continue
    const content = (match[2] ?? '').replace(/^\*+|\*+$/gu, '').trim()
    if ((match[1] ?? '').toUpperCase().startsWith('Q')) {
      question = content
    } else if (question !== undefined) {
      if (!(options.cutOff === true && index === lines.length - 1)) pairs.push({ question, answer: content })
      question = undefined
    }
  }
  return pairs
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}
