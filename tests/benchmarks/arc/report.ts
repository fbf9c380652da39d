// The report of bench:arc: an arm a row, what practice kept, every task's tries, bars of pass@1.
import { sideOf } from '../../../services/trainer/arc/grid.ts'
import type { PracticeResult } from '../../../services/trainer/arc/practise.ts'
import { drawBars } from '../learning/bars-svg.ts'
import { formatFigure, formatSpread, toTable } from '../learning/markdown.ts'
import { describeRuns } from '../learning/write-report.ts'
import type { Report } from '../learning/write-report.ts'
import { commonTasks, figuresOf, solvedOf } from './figures.ts'
import { ARC_ARMS } from './run-arms.ts'
import type { ArcArm, ArmTries } from './run-arms.ts'

export interface ArcReportOptions {
  command: string
  k: number
  seeds: number
  /** Null where it was not finished, or no arm needs it. */
  practice: PracticeResult | null
}

export function reportArc(results: readonly ArmTries[], { command, k, seeds, practice }: ArcReportOptions): Report {
  const figures = figuresOf(results, k)
  const tasks = commonTasks(results)
  const arms = figures.map(({ arm }) => arm)
  const rows = figures.map((of) => [
    of.arm === 'oracle' ? 'oracle (upper bound)' : of.arm,
    ...[of.passOne, of.passK, of.cells, of.overInContext, of.overUntrained].map(formatFigure),
    of.carriedOut.toFixed(2),
    ...[of.trainedTokens, of.seconds].map((spread) => formatSpread(spread)),
  ])
  return {
    markdown: [
      '## Grid tasks from a few demonstrations',
      '',
      `\`${command}\``,
      '',
      `${tasks.length} tasks on which nothing was trained, ${seeds} seeds; exact match of every test grid; in brackets ` +
        '95 % intervals over tasks. Tokens and seconds of a try: least / median / most.',
      '',
      toTable(
        [
          ...['arm', 'pass@1', `pass@${k}`, 'cells right', 'over in-context', 'over untrained'],
          ...['carried out', 'trained tokens', 's'],
        ],
        rows,
      ),
      '',
      ...(practice === null ? [] : [describePractice(practice), '']),
      ...arms.map((arm) => `- ${arm}: ${ARC_ARMS[arm]}`),
      '',
      'Solved of tries, task by task:',
      '',
      toTable(
        ['task', 'longest side', ...arms],
        tasks.map((id) => taskRow(id, arms, results)),
      ),
      '',
      describeRuns(results.flatMap(({ tries }) => tries).filter(({ seconds }) => seconds > 0)),
      '',
    ].join('\n'),
    json: { command, k, seeds, figures, practice: practice === null ? null : plainPractice(practice), results },
    pictures: {
      'pass.svg': drawBars(
        'Grid tasks solved, pass@1',
        figures.map(({ arm, passOne }) => ({ name: arm, figure: passOne, strong: arm === 'practised' })),
      ),
    },
  }
}

function describePractice({ sampled, valid, solved, kept, faults }: PracticeResult): string {
  const wrong = Object.entries(faults).map(([fault, count]) => `${count} ${fault}`)
  const tasks = new Set(kept.map(({ task }) => task.id)).size
  const learned =
    kept.length === 0
      ? 'the policy stayed as it was, and the arm after practice is the one before'
      : `the policy learned from ${kept.length} different ones of ${tasks} tasks`
  return (
    `Practice: ${sampled} self-edits sampled, ${valid} of them configurations${wrong.length > 0 ? ` (${wrong.join(', ')})` : ''}, ` +
    `${solved} solved their task; ${learned}.`
  )
}

const plainPractice = (practice: PracticeResult) => ({
  ...practice,
  kept: practice.kept.map(({ task, text }) => ({ task: task.id, text })),
})

function taskRow(id: string, arms: readonly ArcArm[], results: readonly ArmTries[]): string[] {
  const own = results.filter(({ task }) => task.id === id)
  const pairs = own.slice(0, 1).flatMap(({ task }) => [...task.demonstrations, ...task.tests])
  const side = Math.max(...pairs.flatMap(({ input, output }) => [sideOf(input), sideOf(output)]))
  const cells = arms.map((arm) => own.find((one) => one.arm === arm)?.tries ?? [])
  return [id, String(side), ...cells.map((tries) => `${solvedOf(tries)}/${tries.length}`)]
}
