// Runs to figures. Accuracies count every question once, seeds averaged; intervals come from drawing documents. Uptake =
// (learned - base) / (open-book - base): 1 means that the weights answer as much as the base does with the text in view.
import type { ArmResult } from './run-arms.ts'
import { bootstrap, quantile } from './bootstrap.ts'
import type { Interval } from './bootstrap.ts'

export interface Figure {
  value: number | null
  /** 95 %, over documents. */
  interval: Interval | null
}

export interface Spread {
  min: number
  median: number
  max: number
}

export interface ArmFigures {
  name: string
  about: string
  documents: number
  questions: number
  runs: number
  accuracy: Figure
  exact: Figure
  /** Accuracy above the base arm's on the same documents. */
  gain: Figure
  uptake: Figure
  /** Accuracy above that of the arm that the others are held against. */
  difference: Figure
  trainedTokens: Spread | null
  studySeconds: Spread | null
  trainSeconds: Spread | null
  /** Study and training of one document together. */
  seconds: Spread | null
  /** Runs whose training diverged. */
  failed: number
}

interface DocumentTally {
  /** Means over seeds. */
  correct: number
  exact: number
  total: number
}

/** Names of the arms that uptake is measured between; figures that need an arm that was not run are null. */
export interface Yardsticks {
  base: string
  ceiling: string
  /** Every arm's difference from this one is given. */
  against: string
}

/** Over the documents that every arm has answered; in the order of the arms. */
export function figuresOf(results: readonly ArmResult[], yardsticks: Yardsticks): ArmFigures[] {
  const arms = [...new Set(results.map(({ arm }) => arm))]
  const documents = commonDocuments(results)
  const talliesOf = (name: string): DocumentTally[] | null => {
    const own = results.filter(({ arm }) => arm.name === name)
    return own.length === 0 ? null : documents.map((id) => tally(own.find(({ passage }) => passage.id === id)))
  }
  const base = talliesOf(yardsticks.base)
  const ceiling = talliesOf(yardsticks.ceiling)
  const against = talliesOf(yardsticks.against)
  return arms.map((arm) => {
    const tallies = talliesOf(arm.name) ?? []
    const runs = results.filter((result) => result.arm === arm && documents.includes(result.passage.id))
    return {
      name: arm.name,
      about: arm.about,
      documents: documents.length,
      questions: tallies.reduce((sum, { total }) => sum + total, 0),
      ...accuracyFigures(tallies, { base, ceiling, against: yardsticks.against === arm.name ? null : against }),
      ...costFigures(runs.flatMap((result) => result.runs)),
    }
  })
}

export function commonDocuments(results: readonly ArmResult[]): string[] {
  const arms = new Set(results.map(({ arm }) => arm.name))
  return [...new Set(results.map(({ passage }) => passage.id))].filter(
    (id) => new Set(results.filter(({ passage }) => passage.id === id).map(({ arm }) => arm.name)).size === arms.size,
  )
}

function tally(result: ArmResult | undefined): DocumentTally {
  if (result === undefined) return { correct: 0, exact: 0, total: 0 }
  const answers = result.runs.flatMap((run) => run.answers)
  const runs = result.runs.length
  return {
    correct: answers.filter(({ correct }) => correct).length / runs,
    exact: answers.filter(({ exact }) => exact).length / runs,
    total: answers.length / runs,
  }
}

function accuracyFigures(
  own: readonly DocumentTally[],
  others: Record<keyof Yardsticks, readonly DocumentTally[] | null>,
) {
  const figure = (statistic: (indexes: readonly number[]) => number | null): Figure => ({
    value: statistic(own.map((_, index) => index)),
    interval: bootstrap(own.length, statistic),
  })
  const none: Figure = { value: null, interval: null }
  const above = (other: readonly DocumentTally[] | null): Figure =>
    other === null ? none : figure((at) => minus(shareOf(own, 'correct', at), shareOf(other, 'correct', at)))
  const { base, ceiling, against } = others
  return {
    accuracy: figure((at) => shareOf(own, 'correct', at)),
    exact: figure((at) => shareOf(own, 'exact', at)),
    gain: above(base),
    uptake:
      base === null || ceiling === null
        ? none
        : figure((at) => {
            const [learned, before, most] = [own, base, ceiling].map((tallies) => shareOf(tallies, 'correct', at))
            return uptakeOf(learned ?? null, before ?? null, most ?? null)
          }),
    difference: above(against),
  }
}

/** Null where the ceiling does not lie above the base. */
export function uptakeOf(learned: number | null, base: number | null, ceiling: number | null): number | null {
  if (learned === null || base === null || ceiling === null || ceiling <= base) return null
  return (learned - base) / (ceiling - base)
}

function shareOf(
  tallies: readonly DocumentTally[],
  what: 'correct' | 'exact',
  indexes: readonly number[],
): number | null {
  const total = indexes.reduce((sum, index) => sum + (tallies[index]?.total ?? 0), 0)
  return total === 0 ? null : indexes.reduce((sum, index) => sum + (tallies[index]?.[what] ?? 0), 0) / total
}

const minus = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one - other

function costFigures(runs: readonly ArmResult['runs'][number][]) {
  const trained = runs.filter((run) => run.rows > 0)
  const studied = runs.flatMap(({ studySeconds }) => studySeconds ?? [])
  return {
    runs: runs.length,
    trainedTokens: spreadOf(trained.map(({ trainedTokens }) => trainedTokens)),
    studySeconds: spreadOf(studied),
    trainSeconds: spreadOf(trained.map(({ trainSeconds }) => trainSeconds)),
    seconds: spreadOf(trained.map(({ studySeconds, trainSeconds }) => (studySeconds ?? 0) + trainSeconds)),
    failed: runs.filter(({ failed }) => failed !== null).length,
  }
}

/** Null of nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  return min === undefined || max === undefined ? null : { min, median: quantile(sorted, 0.5), max }
}
