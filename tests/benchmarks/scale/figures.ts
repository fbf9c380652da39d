// What routing among many documents costs: the accuracy that is kept of what each document's own adapter answers. Sets of
// one size are disjoint and together all documents, so every size is measured on the same questions.
import { bootstrap } from '../learning/bootstrap.ts'
import type { Figure } from '../learning/figures.ts'

/** One document in a set of some size; counts of its questions. */
export interface DocumentScale {
  id: string
  total: number
  /** Right answers of the base, of its own adapter whatever a router says, and as routed in its set. */
  base: number
  own: number
  routed: number
  /** Right answers of the base reading the passage that retrieval finds in the set. */
  openBook: number
  /** Questions that were routed to it, to another document, and to the base. */
  toOwn: number
  toOther: number
  toBase: number
}

export interface ScaleFigures {
  size: number
  documents: number
  questions: number
  base: Figure
  own: Figure
  routed: Figure
  openBook: Figure
  /** (routed - base) / (own - base). */
  kept: Figure
  toOwn: Figure
  toOther: Figure
}

type Count = 'base' | 'own' | 'routed' | 'openBook' | 'toOwn' | 'toOther'

export function scaleFigures(size: number, documents: readonly DocumentScale[]): ScaleFigures {
  const figure = (statistic: (drawn: readonly DocumentScale[]) => number | null): Figure => ({
    value: statistic(documents),
    interval: bootstrap(documents.length, (indexes) => statistic(indexes.flatMap((index) => documents[index] ?? []))),
  })
  const shareFigure = (count: Count): Figure => figure((drawn) => shareOf(drawn, count))
  return {
    ...{ size, documents: documents.length, questions: documents.reduce((sum, { total }) => sum + total, 0) },
    ...{ base: shareFigure('base'), own: shareFigure('own'), routed: shareFigure('routed') },
    openBook: shareFigure('openBook'),
    kept: figure(keptOf),
    ...{ toOwn: shareFigure('toOwn'), toOther: shareFigure('toOther') },
  }
}

function shareOf(documents: readonly DocumentScale[], count: Count): number | null {
  const total = documents.reduce((sum, document) => sum + document.total, 0)
  return total === 0 ? null : documents.reduce((sum, document) => sum + document[count], 0) / total
}

/** Null where the own adapters answer no more than the base. */
function keptOf(documents: readonly DocumentScale[]): number | null {
  const [base, own, routed] = [shareOf(documents, 'base'), shareOf(documents, 'own'), shareOf(documents, 'routed')]
  return base === null || own === null || routed === null || own <= base ? null : (routed - base) / (own - base)
}
