// The results as Markdown: what each contender reached, how they compare, and what memory it took.
import type { MemoryRow } from './memory.ts'
import { spreadOf } from './rounds.ts'
import type { Series } from './rounds.ts'

/** One piece of work, measured side by side. Rates are tokens a second. */
export interface CaseResult {
  case: string
  series: Series[]
}

export interface Ratio {
  case: string
  of: string
  over: string
  /** One a round. */
  ratios: number[]
  /** What the project wants to reach; undefined where it is only told. */
  atLeast?: number
}

/** Share of the machine's matrix product that a training reaches, one a round. */
export interface PeakShare {
  case: string
  of: string
  peakGigaflops: number[]
  shares: number[]
}

export interface Report {
  machine: { processor: string; cores: number; loadBefore: number; node: string }
  base: string
  data: string
  rounds: number
  cases: CaseResult[]
  ratios: Ratio[]
  shares: PeakShare[]
  memory: MemoryRow[]
}

/** Above it, other work took part: contenders whose threads wait for each other lose many times over. */
export const QUIET_LOAD = 0.5

export function toMarkdown(report: Report): string {
  const { machine } = report
  const parts = [
    `${report.base} on ${machine.processor}, ${machine.cores} cores, two threads each, Node ${machine.node}; ` +
      `${report.rounds} rounds, contenders in turn; load average ${machine.loadBefore.toFixed(2)} before.`,
  ]
  if (machine.loadBefore > QUIET_LOAD) parts.push('**The machine was busy: neither rates nor ratios count.**')
  if (report.cases.length > 0)
    parts.push(table(['tokens/s', 'contender', 'min', 'median', 'max'], rateRows(report.cases)))
  if (report.ratios.length > 0)
    parts.push(table(['ratio', 'of', 'over', 'min', 'median', 'max', 'to reach', ''], report.ratios.map(ratioRow)))
  if (report.shares.length > 0)
    parts.push(
      table(
        ['share of the GEMM peak', 'of', 'peak, GFLOP/s', 'min', 'median', 'max'],
        report.shares.map(({ case: work, of, peakGigaflops, shares }) => [
          work,
          of,
          spreadCells(peakGigaflops, 0)[1] ?? '',
          ...spreadCells(shares, 2),
        ]),
      ),
    )
  if (report.memory.length > 0)
    parts.push(table(['peak resident memory', 'MB', 'at most', ''], report.memory.map(memoryRow)))
  return parts.join('\n\n')
}

function rateRows(cases: readonly CaseResult[]): string[][] {
  return cases.flatMap(({ case: work, series }) =>
    series.map(({ name, rates, error }) => [
      work,
      name,
      ...(rates.length > 0 ? spreadCells(rates, 1) : [`failed: ${error ?? 'nothing measured'}`, '', '']),
    ]),
  )
}

function ratioRow({ case: work, of, over, ratios, atLeast }: Ratio): string[] {
  const cells = [work, of, over, ...spreadCells(ratios, 2)]
  if (atLeast === undefined) return [...cells, '', '']
  const reached = (spreadOf(ratios)?.median ?? 0) >= atLeast
  return [...cells, `>= ${atLeast}`, reached ? 'reached' : 'missed']
}

function memoryRow({ process, megabytes, megabytesMax }: MemoryRow): string[] {
  return [process, megabytes.toFixed(0), String(megabytesMax), megabytes <= megabytesMax ? 'kept' : 'missed']
}

function spreadCells(values: readonly number[], digits: number): string[] {
  const spread = spreadOf(values)
  if (!spread) return ['', '', '']
  return [spread.min, spread.median, spread.max].map((value) => value.toFixed(digits))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
