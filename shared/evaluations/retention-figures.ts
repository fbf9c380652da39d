// The figures of continual learning from the retention matrix, by the definitions of Lopez-Paz and Ranzato (ACC, BWT)
// and Chaudhry et al. (forgetting), over documents instead of tasks. They follow the head's lineage (the head, its
// parent, and so on to the base): after a rollback, what the abandoned versions knew counts no more. Accuracies are
// means over documents, so that a document with many questions weighs no more than another.

export interface RetentionCell {
  correct: number
  total: number
  /** Mean log p(gold answer | question), nats. */
  logprob: number
}

export interface RetentionFigures {
  /** ACC: mean accuracy on all documents learned so far, at the head. */
  acc: number | null
  /** Backward transfer: mean over the older documents of (accuracy at the head - accuracy when just learned). */
  bwt: number | null
  /** Mean over the older documents of (best accuracy since it was learned, head included - accuracy at the head). */
  forgetting: number | null
  /** Mean accuracy on each document at the version that learned it. */
  learned: number | null
  /** Mean accuracy of the untouched base on the same documents. */
  base: number | null
  /** (ACC - base) / (learned - base): the share of what was learned that is still there; null if nothing was. */
  retained: number | null
}

export interface LearnedDocument {
  /** Its column in the matrix. */
  column: number
  /** The version of the lineage that brought it. */
  version: number
}

/**
 * `cell(version, column)` is the matrix, null where the document was not asked; `lineage` the versions from 1 up to
 * the head, ascending, without the base. Older documents are those that the head did not itself bring: with one version
 * only there are none, and BWT and forgetting are null. Documents without probes, or not asked at the head, at the base
 * or when learned, are left out of every figure, so that all figures speak of the same documents.
 */
export function retentionFigures(
  cell: (version: number, column: number) => RetentionCell | null,
  lineage: readonly number[],
  documents: readonly LearnedDocument[],
): RetentionFigures {
  const head = lineage.at(-1)
  if (head === undefined) return noFigures
  const rows = documents.flatMap(({ column, version }) => {
    const before = accuracy(cell(0, column))
    const learned = accuracy(cell(version, column))
    const now = accuracy(cell(head, column))
    if (before === null || learned === null || now === null) return []
    const since = lineage.filter((at) => at >= version).map((at) => accuracy(cell(at, column)))
    const best = Math.max(...since.filter((value) => value !== null))
    return [{ before, learned, now, best, older: version !== head }]
  })
  const older = rows.filter((row) => row.older)
  const acc = mean(rows.map((row) => row.now))
  const base = mean(rows.map((row) => row.before))
  const learned = mean(rows.map((row) => row.learned))
  return {
    acc,
    bwt: mean(older.map((row) => row.now - row.learned)),
    forgetting: mean(older.map((row) => row.best - row.now)),
    learned,
    base,
    retained:
      acc === null || base === null || learned === null || learned <= base ? null : (acc - base) / (learned - base),
  }
}

const noFigures = { acc: null, bwt: null, forgetting: null, learned: null, base: null, retained: null }

function accuracy(cell: RetentionCell | null): number | null {
  return cell === null || cell.total === 0 ? null : cell.correct / cell.total
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
