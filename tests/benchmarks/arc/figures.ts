// Tries to figures: pass@1 and pass@k are means over tasks of the unbiased estimate from all of a task's tries, cells the
// share of right cells; intervals draw tasks. An arm is held against another on the same tasks, drawn together.
import { passAtK } from '../../../services/trainer/arc/pass-at-k.ts'
import { bootstrap } from '../learning/bootstrap.ts'
import { spreadOf } from '../learning/figures.ts'
import type { Figure, Spread } from '../learning/figures.ts'
import type { ArcArm, ArmTries } from './run-arms.ts'

export interface ArcFigures {
  arm: ArcArm
  passOne: Figure
  /** Null for arms with fewer than k tries a task. */
  passK: Figure
  cells: Figure
  /** pass@1 above that of the prompt alone, and of untrained self-edits. */
  overInContext: Figure
  overUntrained: Figure
  /** Share of tries that were carried out to an answer. */
  carriedOut: number
  trainedTokens: Spread | null
  seconds: Spread | null
}

const NONE: Figure = { value: null, interval: null }

/** Ids of the tasks that every arm has tried; in the order of the results. */
export function commonTasks(results: readonly ArmTries[]): string[] {
  const arms = new Set(results.map(({ arm }) => arm))
  const ids = [...new Set(results.map(({ task }) => task.id))]
  return ids.filter((id) => results.filter(({ task }) => task.id === id).length === arms.size)
}

export function figuresOf(results: readonly ArmTries[], k: number): ArcFigures[] {
  const tasks = commonTasks(results)
  const triesOf = (arm: ArcArm) =>
    tasks.map((id) => results.find((one) => one.arm === arm && one.task.id === id)?.tries)
  const passOf = (arm: ArcArm) => triesOf(arm).map((tries) => (tries === undefined ? null : passOneOf(tries)))
  return [...new Set(results.map(({ arm }) => arm))].map((arm) => {
    const tries = triesOf(arm).map((own) => own ?? [])
    const all = tries.flat()
    const trained = all.filter(({ steps }) => steps > 0)
    const over = (other: ArcArm): Figure =>
      other === arm || !results.some((one) => one.arm === other)
        ? NONE
        : meanFigure(tries.map((own, at) => passOneOf(own) - (passOf(other)[at] ?? 0)))
    return {
      arm,
      passOne: meanFigure(tries.map(passOneOf)),
      passK: tries.every((own) => own.length >= k && k > 1)
        ? meanFigure(tries.map((own) => passAtK(own.length, solvedOf(own), k)))
        : NONE,
      cells: meanFigure(tries.map((own) => mean(own.map(({ cells }) => cells)) ?? 0)),
      overInContext: over('in-context'),
      overUntrained: over('untrained'),
      carriedOut: mean(all.map(({ fault }) => (fault === null ? 1 : 0))) ?? 0,
      trainedTokens: spreadOf(trained.map(({ trainedTokens }) => trainedTokens)),
      seconds: spreadOf(trained.map(({ seconds }) => seconds)),
    }
  })
}

type Solved = readonly { solved: boolean }[]
export const solvedOf = (tries: Solved): number => tries.filter(({ solved }) => solved).length
const passOneOf = (tries: Solved): number => (tries.length === 0 ? 0 : passAtK(tries.length, solvedOf(tries), 1))

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

const meanFigure = (values: readonly number[]): Figure => ({
  value: mean(values),
  interval: bootstrap(values.length, (indexes) => mean(indexes.map((index) => values[index] ?? 0))),
})
