// The report of bench:scale: a table row a size, bars of the accuracy that is kept.
import { drawBars } from '../learning/bars-svg.ts'
import { spreadOf } from '../learning/figures.ts'
import { formatFigure, formatSpread, toTable } from '../learning/markdown.ts'
import { describeRuns } from '../learning/write-report.ts'
import type { Report } from '../learning/write-report.ts'
import { scaleFigures } from './figures.ts'
import type { DocumentScale } from './figures.ts'
import type { SetCosts } from './measure-set.ts'

export interface SizeResult {
  size: number
  documents: DocumentScale[]
  /** Of one set of this size; null where it was not measured. */
  costs: SetCosts | null
}

/** What learning each document took. */
export interface LearningCost {
  studySeconds: number
  trainSeconds: number
  trainedTokens: number
  load: number
  revision: string
}

export function reportScale(
  sizes: readonly SizeResult[],
  learned: readonly LearningCost[],
  { command }: { command: string },
): Report {
  const figures = sizes.map(({ size, documents }) => scaleFigures(size, documents))
  const learning = spreadOf(learned.map(({ studySeconds, trainSeconds }) => studySeconds + trainSeconds))
  const accuracyRows = figures.map((at) => [
    String(at.size),
    ...[at.base, at.own, at.routed, at.openBook, at.kept, at.toOwn, at.toOther].map(formatFigure),
  ])
  const costRows = sizes.map(({ size, costs }) => [
    String(size),
    formatSpread(learning),
    costs === null ? '-' : costs.evaluateSeconds.toFixed(0),
    costs === null ? '-' : `${costs.queryMs.p50.toFixed(0)} / ${costs.queryMs.p95.toFixed(0)}`,
    costs === null ? '-' : `${(costs.bytes / 2 ** 20).toFixed(0)}`,
    costs === null ? '-' : costs.load.toFixed(1),
  ])
  return {
    markdown: [
      '## Routed, with many documents',
      '',
      `\`${command}\``,
      '',
      `${figures[0]?.documents ?? 0} documents, ${figures[0]?.questions ?? 0} questions; sets of a size are disjoint and ` +
        'cover them. kept = (routed - base) / (own adapter - base); in brackets 95 % intervals over documents.',
      '',
      toTable(
        ['documents', 'base', 'own adapter', 'routed', 'open-book, retrieved', 'kept', 'to its document', 'to another'],
        accuracyRows,
      ),
      '',
      'An update studies and trains its document (least / median / most) and asks every question of the set once more; ' +
        'queries come one at a time.',
      '',
      toTable(
        ['documents', 'study and training s', 'asking s', 'query ms p50 / p95', 'adapters MiB', 'load'],
        costRows,
      ),
      '',
      describeRuns(learned),
      '',
    ].join('\n'),
    json: { command, figures, sizes, learned },
    pictures: {
      'kept.svg': drawBars(
        'Share of the learned accuracy that routing keeps',
        figures.map(({ size, kept }) => ({ name: `${size} documents`, figure: kept, strong: true })),
        { most: 1 },
      ),
    },
  }
}
