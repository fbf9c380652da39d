// The report of a benchmark that compares arms: one table row an arm, bars of their accuracy.
import { drawBars } from './bars-svg.ts'
import { commonDocuments, figuresOf } from './figures.ts'
import type { ArmFigures, Yardsticks } from './figures.ts'
import { formatFigure, formatSpread, toTable } from './markdown.ts'
import type { ArmResult } from './run-arms.ts'
import { describeRuns } from './write-report.ts'
import type { Report } from './write-report.ts'

export interface ArmsReportOptions {
  title: string
  /** What was run, ready to be repeated. */
  command: string
  yardsticks: Yardsticks
  seeds: number
}

export function reportArms(results: readonly ArmResult[], options: ArmsReportOptions): Report {
  const figures = figuresOf(results, options.yardsticks)
  const documents = commonDocuments(results)
  const runs = results.flatMap((result) => result.runs)
  const bars = figures.map(({ name, accuracy }) => ({
    name,
    figure: accuracy,
    strong: name === options.yardsticks.against,
  }))
  const questions = figures[0]?.questions ?? 0
  return {
    markdown: [
      `## ${options.title}`,
      '',
      `\`${options.command}\``,
      '',
      `${documents.length} documents, ${questions} questions, ${options.seeds} seeds; in brackets 95 % intervals over ` +
        'documents. Tokens and seconds of a document: least / median / most.',
      '',
      toTable(headOf(options.yardsticks.against), figures.map(rowOf)),
      '',
      describeRuns(runs),
      '',
      ...figures.map(({ name, about, failed }) => `- ${name}: ${about}${failed === 0 ? '' : ` (${failed} diverged)`}`),
      '',
    ].join('\n'),
    json: { ...options, documents, figures, results: results.map(plainResult) },
    pictures: { 'accuracy.svg': drawBars(`${options.title}: accuracy`, bars) },
  }
}

const headOf = (against: string): string[] => [
  ...['arm', 'accuracy', 'exact match', 'gain', 'uptake', `against ${against}`],
  ...['trained tokens', 'study s', 'training s', 'both s'],
]

function rowOf(figures: ArmFigures): string[] {
  const { name, accuracy, exact, gain, uptake, difference, trainedTokens, studySeconds, trainSeconds, seconds } =
    figures
  return [
    name,
    ...[accuracy, exact, gain, uptake, difference].map(formatFigure),
    formatSpread(trainedTokens),
    ...[studySeconds, trainSeconds, seconds].map((spread) => formatSpread(spread)),
  ]
}

function plainResult({ arm, passage, runs }: ArmResult) {
  return { arm: arm.name, document: passage.id, runs }
}
