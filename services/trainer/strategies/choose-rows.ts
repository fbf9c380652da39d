// Which training rows fit a budget of tokens: some documents whole, the rest of the budget shared evenly by the others. A
// document smaller than its share leaves the remainder to the larger ones. What is chosen of a document is the start of
// one seeded order of its rows, so a smaller share of it is a part of the larger one: what was given up stays given up,
// and what is rehearsed stays rehearsed.
import type { TrainingExample } from '../../engine/engine.ts'
import { createRandom, shuffle } from '../../engine/random.ts'

export interface DocumentRows {
  documentId: string
  rows: readonly TrainingExample[]
}

export interface RowBudget {
  /** Ids of documents that come whole, as long as the budget lasts. */
  whole: readonly string[]
  /** Of one epoch. */
  tokensMax: number
  seed: number
}

/** At most `tokensMax` tokens in all; in the order of the documents. */
export function chooseRows(
  documents: readonly DocumentRows[],
  { whole, tokensMax, seed }: RowBudget,
): TrainingExample[] {
  const first = documents.filter(({ documentId }) => whole.includes(documentId))
  // The smallest first, so that what they leave is known when the larger ones take their share.
  const others = documents
    .filter(({ documentId }) => !whole.includes(documentId))
    .toSorted((a, b) => tokensOf(a.rows) - tokensOf(b.rows))
  const chosen = new Map<string, TrainingExample[]>()
  let left = tokensMax
  for (const [index, { documentId, rows }] of [...first, ...others].entries()) {
    const share = index < first.length ? left : Math.floor(left / (first.length + others.length - index))
    const taken = fill(rows, share, seed)
    chosen.set(documentId, taken)
    left -= tokensOf(taken)
  }
  return documents.flatMap(({ documentId }) => chosen.get(documentId) ?? [])
}

/** All rows where they fit, else those that fit in a seeded order. */
function fill(rows: readonly TrainingExample[], tokensMax: number, seed: number): TrainingExample[] {
  if (tokensOf(rows) <= tokensMax) return [...rows]
  let left = tokensMax
  return shuffle(rows, createRandom(seed)).filter(({ tokens }) => {
    if (tokens.length > left) return false
    left -= tokens.length
    return true
  })
}

export function tokensOf(rows: readonly TrainingExample[]): number {
  return rows.reduce((sum, { tokens }) => sum + tokens.length, 0)
}
