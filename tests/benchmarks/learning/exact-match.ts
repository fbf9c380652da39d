// SQuAD's exact match, by the rules of its evaluation script: lower case, no punctuation, no articles, single spaces.
// Reported beside the grader's accuracy because it is what others report; it calls many right answers wrong.

export function exactMatch(gold: string, answer: string): boolean {
  return normalise(gold) === normalise(answer)
}

const PUNCTUATION = /[!-/:-@[-`{-~]/g

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(PUNCTUATION, '')
    .replace(/\b(a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
}
