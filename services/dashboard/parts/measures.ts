// What the heatmap can be coloured by: from two readings of a document to a depth of colour and a number to print.
import type { Retention } from '../wire/types.ts'
import { nats, percent, signed } from './format.ts'
import { heatOf, likelihoodShare } from './heat.ts'

export type Cell = NonNullable<Retention['matrix'][number][number]>
export type Measure = 'accuracy' | 'likelihood' | 'change'

export const MEASURES: readonly { value: Measure; label: string; legend: [string, string] }[] = [
  { value: 'accuracy', label: 'Accuracy', legend: ['none right', 'all right'] },
  { value: 'likelihood', label: 'Log-likelihood', legend: ['−7 nats or less', 'certain'] },
  { value: 'change', label: 'Change', legend: ['3 nats lost', '3 nats won'] },
]

const changeNats = 3

export interface Reading {
  text: string
  /** As heat.ts has it. */
  heat: string
  /** Which of the two ends of a diverging scale; one scale has one. */
  side: 'up' | 'down' | 'one'
}

/** `before`: the same document in the version that this one was made from. Of a change without it there is none to see. */
export function readingOf(measure: Measure, cell: Cell, before: Cell | null): Reading {
  switch (measure) {
    case 'accuracy': {
      const share = cell.total === 0 ? null : cell.correct / cell.total
      return { text: percent(share).replace(' %', ''), heat: heatOf(share), side: 'one' }
    }
    case 'likelihood':
      return { text: nats(cell.logprob).slice(0, -1), heat: heatOf(likelihoodShare(cell.logprob)), side: 'one' }
    case 'change': {
      if (before === null) return { text: 'new', heat: '0%', side: 'up' }
      const change = cell.logprob - before.logprob
      return { text: signed(change, 1), heat: heatOf(Math.abs(change) / changeNats), side: change < 0 ? 'down' : 'up' }
    }
  }
}
