// The figures of a run as text: a line for each document, the retention matrix, and what came of all of them. Accuracies
// of several documents count every question once.
import type { Retention } from '../../../shared/evaluations/retention.ts'
import type { Update } from '../../../shared/updates/update.ts'

export interface Outcome {
  /** Of the document. */
  id: string
  title: string
  /** The service had learned it before this run. */
  known: boolean
  /** From the POST to the update's end, as the caller sees it. */
  seconds: number
  questions: number
  /** Right answers with the passage in view; null where the document is in no version. */
  openBook: number | null
  update: Pick<
    Update,
    | 'id'
    | 'state'
    | 'version'
    | 'learned'
    | 'retained'
    | 'trained_tokens'
    | 'timings_ms'
    | 'attempts'
    | 'verdict'
    | 'error'
  >
}

export interface Summary {
  documents: number
  promoted: number
  /** Right answers over the questions of this run's documents, 0 to 1; null where nothing was asked. */
  base: number | null
  justLearned: number | null
  afterAll: number | null
  openBook: number | null
  trainedTokens: number
  secondsMax: number
  secondsMedian: number
  /** Each cell from the version that first held the document on. */
  matrixComplete: boolean
  retention: Pick<Retention, 'acc' | 'bwt' | 'forgetting' | 'learned' | 'base' | 'retained'>
}

const columns = ['base', 'after', 'open', 'tokens', 'seconds', 'study/train/eval'] as const
const titleWidth = 28

export const heading = [
  '  #',
  'document'.padEnd(titleWidth),
  ...columns.map((name) => name.padStart(7)),
  'outcome',
].join('  ')

export function toLine(index: number, { title, known, seconds, openBook, questions, update }: Outcome): string {
  const { learned, timings_ms: timings, error, verdict } = update
  const phases = ['studying', 'training', 'evaluating'].map((phase) => Math.round((timings[phase] ?? 0) / 1000))
  const cells = [
    learned === null ? '-' : `${learned.before}/${learned.total}`,
    learned === null ? '-' : `${learned.after}/${learned.total}`,
    openBook === null ? '-' : `${openBook}/${questions}`,
    String(update.trained_tokens),
    seconds.toFixed(0),
  ].map((cell) => cell.padStart(7))
  const outcome = known ? 'known before this run' : update.version === null ? update.state : `version ${update.version}`
  const reason = update.state === 'promoted' ? '' : `: ${error?.message ?? verdict?.reason ?? ''}`
  return [
    String(index + 1).padStart(3),
    title.slice(0, titleWidth).padEnd(titleWidth),
    ...cells,
    phases.join('/').padStart(columns[5].length),
    outcome + reason,
  ].join('  ')
}

/** Rows are versions, columns documents in the order of learning. */
export function toMatrix({ versions, documents, matrix }: Retention): string {
  const width = 6
  const names = documents.map((_, column) => `d${column + 1}`.padStart(width)).join('')
  const rows = versions.map((version, row) => {
    const cells = documents.map((_, column) => {
      const cell = matrix[row]?.[column]
      return (cell ? `${cell.correct}/${cell.total}` : '.').padStart(width)
    })
    return `${(version === 0 ? 'base' : `v${version}`).padEnd(width)}${cells.join('')}`
  })
  return [`${''.padEnd(width)}${names}`, ...rows].join('\n')
}

export function summarise(outcomes: readonly Outcome[], retention: Retention): Summary {
  const { documents, matrix, versions, head } = retention
  const own = new Set(outcomes.map(({ id }) => id))
  const columnsOf = documents.flatMap(({ id }, column) => (own.has(id) ? [column] : []))
  const rowOf = (version: number) =>
    share(columnsOf.flatMap((column) => matrix[versions.indexOf(version)]?.[column] ?? []))
  const learned = outcomes.flatMap(({ update }) => update.learned ?? [])
  const openBook = outcomes.flatMap((outcome) =>
    outcome.openBook === null ? [] : [{ correct: outcome.openBook, total: outcome.questions }],
  )
  const seconds = outcomes.flatMap((outcome) => (outcome.known ? [] : outcome.seconds)).toSorted((a, b) => a - b)
  const { acc, bwt, forgetting, learned: mean, base, retained } = retention
  return {
    documents: outcomes.length,
    promoted: outcomes.filter(({ update }) => update.state === 'promoted').length,
    base: rowOf(0),
    justLearned: share(learned.map(({ after, total }) => ({ correct: after, total }))),
    afterAll: rowOf(head),
    openBook: share(openBook),
    trainedTokens: outcomes.reduce((sum, { update }) => sum + update.trained_tokens, 0),
    secondsMax: seconds.at(-1) ?? 0,
    secondsMedian: seconds[Math.floor(seconds.length / 2)] ?? 0,
    matrixComplete: documents.every(({ version }, column) =>
      versions.every((row, index) => (row !== 0 && row < version) || (matrix[index]?.[column] ?? null) !== null),
    ),
    retention: { acc, bwt, forgetting, learned: mean, base, retained },
  }
}

export function toSummary(summary: Summary): string {
  const { base, afterAll, retention } = summary
  const gain = base === null || afterAll === null ? '-' : signed(afterAll - base)
  const figures = Object.entries(retention).map(
    ([name, value]) => `${name} ${name === 'bwt' ? signed(value) : three(value)}`,
  )
  return [
    `Closed-book after all documents ${three(afterAll)}, base ${three(base)}: ${gain}`,
    `Just learned ${three(summary.justLearned)}, open-book ${three(summary.openBook)}`,
    `${summary.promoted} of ${summary.documents} promoted, ${summary.trainedTokens} trained tokens, ` +
      `${summary.secondsMedian.toFixed(0)} s an update (median), ${summary.secondsMax.toFixed(0)} s at most`,
    `Retention (means over documents): ${figures.join(', ')}; matrix ${summary.matrixComplete ? 'complete' : 'INCOMPLETE'}`,
  ].join('\n')
}

function share(tallies: readonly { correct: number; total: number }[]): number | null {
  const total = tallies.reduce((sum, tally) => sum + tally.total, 0)
  return total === 0 ? null : tallies.reduce((sum, tally) => sum + tally.correct, 0) / total
}

/** .123; a dash for what was not measured. */
function three(value: number | null): string {
  return value === null ? '-' : value.toFixed(3).replace(/^0/, '')
}

function signed(value: number | null): string {
  return value === null ? '-' : `${value < 0 ? '-' : '+'}${three(Math.abs(value))}`
}
