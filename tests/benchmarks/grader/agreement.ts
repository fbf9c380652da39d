// How far one grader agrees with another on the same answers. Rows about one question rise and fall together (the same
// gold, several models' answers), so the intervals draw whole questions.
import { bootstrap, type Interval } from '../learning/bootstrap.ts'

/** One answer, graded twice. */
export interface Verdicts {
  question: string
  ours: boolean
  theirs: boolean
}

export interface Agreement {
  rows: number
  questions: number
  /** Share of answers graded alike. */
  agreement: Figure
  /** Cohen's: agreement beyond that of two graders with the same shares of right answers who guess. */
  kappa: Figure
  /** Share that ours calls right minus share that theirs does: below 0 ours is the stricter. */
  bias: Figure
}

export interface Figure {
  value: number | null
  interval: Interval | null
}

export function measureAgreement(rows: readonly Verdicts[], options: { draws?: number } = {}): Agreement {
  const groups = [...groupBy(rows, ({ question }) => question).values()].map(countOf)
  const figure = (statistic: (counts: Counts) => number | null): Figure => ({
    value: statistic(sum(groups)),
    interval: bootstrap(groups.length, (indexes) => statistic(sum(indexes.flatMap((index) => groups[index] ?? []))), {
      draws: 1000,
      ...options,
    }),
  })
  return {
    rows: rows.length,
    questions: groups.length,
    agreement: figure(agreementOf),
    kappa: figure(kappaOf),
    bias: figure(({ all, ours, theirs }) => (all === 0 ? null : (ours - theirs) / all)),
  }
}

/** In the order in which the keys first come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

interface Counts {
  all: number
  alike: number
  /** Called right by each. */
  ours: number
  theirs: number
}

function countOf(rows: readonly Verdicts[]): Counts {
  return {
    all: rows.length,
    alike: rows.filter(({ ours, theirs }) => ours === theirs).length,
    ours: rows.filter(({ ours }) => ours).length,
    theirs: rows.filter(({ theirs }) => theirs).length,
  }
}

function sum(groups: readonly Counts[]): Counts {
  const total = { all: 0, alike: 0, ours: 0, theirs: 0 }
  for (const { all, alike, ours, theirs } of groups) {
    total.all += all
    total.alike += alike
    total.ours += ours
    total.theirs += theirs
  }
  return total
}

function agreementOf({ all, alike }: Counts): number | null {
  return all === 0 ? null : alike / all
}

function kappaOf(counts: Counts): number | null {
  const agreement = agreementOf(counts)
  if (agreement === null) return null
  const [ours, theirs] = [counts.ours / counts.all, counts.theirs / counts.all]
  const byChance = ours * theirs + (1 - ours) * (1 - theirs)
  return byChance === 1 ? null : (agreement - byChance) / (1 - byChance)
}
