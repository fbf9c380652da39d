// The report of practice: a row a round, and the held-out accuracy of every policy as bars.
import { measure } from '../../../services/monitor/compare.ts'
import type { EvaluationInput } from '../../../shared/evaluations/evaluation.ts'
import type { RoundResult } from '../../../shared/practice/round.ts'
import type { StoredAdapter } from '../../../shared/registry/adapters.ts'
import { drawBars } from '../learning/bars-svg.ts'
import { bootstrap } from '../learning/bootstrap.ts'
import type { Figure } from '../learning/figures.ts'
import { loadNow } from '../learning/load-now.ts'
import { formatFigure, three, toTable } from '../learning/markdown.ts'
import { describeRuns, type Report } from '../learning/write-report.ts'

export interface PractisedRound {
  number: number
  result: RoundResult
  /** What the round trained, promoted or not. */
  trained: StoredAdapter | null
  policy: StoredAdapter | null
  /** The name of the policy that it began with. */
  before: string
}

export interface PracticeReportOptions {
  command: string
  revision: string
  documents: number
  heldOut: number
}

const HEAD = [
  ...['round', 'strategy', 'kept', 'reward of the kept', 'of all', 'reliability', 'rows', 'held-out before', 'after'],
  ...['verdict', 'gain a minute: strategies', 'samples', 'minutes'],
]

/** `examined`: the held-out answers of each policy, by its name. */
export function reportPractice(
  rounds: readonly PractisedRound[],
  examined: ReadonlyMap<string, readonly EvaluationInput[]>,
  options: PracticeReportOptions,
): Report {
  const figureOf = (name: string | undefined): Figure => accuracyOf(examined.get(name ?? '') ?? [])
  const rows = rounds.map(({ number, result, trained, before }) => {
    const { strategy, keptShare, reward, reliability, verdict, perMinute, seconds } = result
    const minutes = Object.values(seconds).reduce((sum, phase) => sum + phase, 0) / 60
    return [
      ...[String(number), strategy, three(keptShare), three(reward.kept), three(reward.all), three(reliability)],
      ...[String(result.rows), formatFigure(figureOf(before)), formatFigure(figureOf(trained?.sha256))],
      ...[verdict?.action ?? '-', three(perMinute.strategies), three(perMinute.samples), minutes.toFixed(0)],
    ]
  })
  const bars = [
    { name: 'before practice', figure: figureOf('first') },
    ...rounds.map(({ number, trained, policy }) => {
      return { name: `after round ${number}`, figure: figureOf(trained?.sha256), strong: policy !== null }
    }),
  ]
  return {
    markdown: [
      '## Practice',
      '',
      `\`${options.command}\``,
      '',
      `Practised on ${options.documents} passages, examined on ${options.heldOut} others: accuracy after each was learned by ` +
        'itself, closed-book, in brackets 95 % intervals over passages. Rewards are means over passages; the reliability is ' +
        'ICC(1) over two trainings of the same candidates. A gain a minute is of the reward, samples taken at their ' +
        'reliability.',
      '',
      toTable(HEAD, rows),
      '',
      describeRuns([{ revision: options.revision, load: loadNow() }]),
      '',
    ].join('\n'),
    json: {
      ...options,
      rounds,
      held_out: Object.fromEntries([...examined].map(([name, evaluations]) => [name, evaluations])),
    },
    pictures: { 'practice.svg': drawBars('Held-out accuracy', bars) },
  }
}

function accuracyOf(evaluations: readonly EvaluationInput[]): Figure {
  const shareOf = (chosen: readonly EvaluationInput[]): number | null => {
    const { correct, total } = measure(chosen)
    return total === 0 ? null : correct / total
  }
  const interval = bootstrap(evaluations.length, (indexes) => shareOf(indexes.flatMap((at) => evaluations[at] ?? [])))
  return { value: shareOf(evaluations), interval }
}
