// The report of bench:continual: a table row a strategy, a heatmap each.
import { formatFigure, formatSpread, three, toTable } from '../learning/markdown.ts'
import { describeRuns } from '../learning/write-report.ts'
import type { Report } from '../learning/write-report.ts'
import { FIGURES, figuresOfWay, meanMatrix } from './figures.ts'
import { drawHeatmap } from './heatmap-svg.ts'
import type { Sequence } from './run-sequence.ts'

/** Matrices up to this length are printed as tables too. */
const TABLE_LENGTH_MAX = 12

export function reportContinual(
  results: readonly Sequence[],
  { command, length, everyRow }: { command: string; length: number; everyRow: number },
): Report {
  const ways = [...new Set(results.map(({ way }) => way))]
  const ofWay = (name: string) => results.filter(({ way }) => way.name === name)
  const figures = ways.map(({ name }) => figuresOfWay(name, ofWay(name)))
  const matrices = ways.map(({ name }) => ({ name, matrix: meanMatrix(ofWay(name)) }))
  const values = matrices.flatMap(({ matrix }) => matrix.flat()).filter((value) => value !== null)
  const most = Math.max(0.1, ...values)
  const rows = figures.map((way) => [
    way.name,
    ...FIGURES.map((figure) => formatFigure(way[figure])),
    ...[way.trainedTokens, way.studySeconds, way.trainSeconds].map((spread) => formatSpread(spread)),
  ])
  const asked = everyRow === 1 ? 'after every update' : `after every ${everyRow} updates and at the end`
  return {
    markdown: [
      `## ${length} documents, one after another`,
      '',
      `\`${command}\``,
      '',
      `${figures.map(({ name, sequences, documents }) => `${name}: ${sequences} sequences, ${documents} documents`).join('; ')}. ` +
        `All learned documents are asked ${asked}, each new one at once. Means over documents, in brackets 95 % ` +
        'intervals over documents; tokens and seconds of an update: least / median / most. No gate: nothing is clipped or rejected.',
      '',
      toTable(['strategy', ...FIGURES, 'trained tokens', 'study s', 'training s'], rows),
      '',
      describeRuns(results.flatMap(({ updates }) => updates)),
      '',
      ...ways.map(({ name, about }) => `- ${name}: ${about}`),
      ...(length > TABLE_LENGTH_MAX
        ? []
        : matrices.flatMap(({ name, matrix }) => ['', `### ${name}`, '', toMatrix(matrix)])),
      '',
    ].join('\n'),
    json: {
      command,
      length,
      figures,
      matrices,
      results: results.map(({ way, ...rest }) => ({ way: way.name, ...rest })),
    },
    pictures: Object.fromEntries(
      matrices.map(({ name, matrix }) => [
        `heatmap-${name}.svg`,
        drawHeatmap(`${name}: accuracy after each update`, matrix, { most }),
      ]),
    ),
  }
}

function toMatrix(matrix: readonly (readonly (number | null)[])[]): string {
  const head = ['', ...(matrix[0] ?? []).map((_, column) => `d${column + 1}`)]
  return toTable(
    head,
    matrix.map((row, update) => [
      update === 0 ? 'base' : `after ${update}`,
      ...row.map((value) => (value === null ? '' : three(value))),
    ]),
  )
}
