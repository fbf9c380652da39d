// The bandit over strategies: all are trained shortly on a few documents, the better half longer, the last in full. A
// document's strategies are trained at once, from the same start with the same draws.
import { askBase } from './ask-base.ts'
import { halve } from './halving.ts'
import { meanOf, rewardOf } from './reward.ts'
import { writeCandidate } from './candidates.ts'
import type { RoundInput, RoundParts } from './run-round.ts'
import { listStrategies } from './strategies.ts'
import type { Strategy } from './strategies.ts'
import { trainAndAsk } from './train-and-ask.ts'

/** Few, because each of them is trained several times. */
const DOCUMENTS_MAX = 4

export interface ChosenStrategy {
  strategy: Strategy
  /** Reward gained over the default a minute; null where nothing was tried. */
  perMinute: number | null
}

/** The default where the settings ask for no bandit. */
export async function chooseStrategy(parts: RoundParts, input: RoundInput): Promise<ChosenStrategy> {
  const { engine, steps, study, recipe, signal } = parts
  const { settings, documents, policy, number } = input
  const strategies = listStrategies(study, recipe)
  const standard = strategies[0] ?? { name: 'default', study, recipe }
  if (!settings.strategies) return { strategy: standard, perMinute: null }

  const spentBefore = steps.seconds()['strategies'] ?? 0
  const { best, rungs } = await halve(strategies.length, async (arms, effort) => {
    const byDocument: number[][] = []
    for (const document of documents.slice(0, DOCUMENTS_MAX)) {
      parts.report('choosing a strategy', 0)
      const rows = []
      for (const arm of arms) {
        const strategy = strategies[arm] ?? standard
        // The writing depends on the passes alone, so strategies of the same passes read the same.
        const passes = strategy.study.passes.length
        const name = `round ${number}/strategies/${document.id}/${passes} passes`
        const candidate = await writeCandidate(engine, policy.adapter, document, {
          ...{ study: strategy.study, epochs: strategy.recipe.epochs, signal },
          remember: (write) => steps.run('strategies', name, write),
        })
        rows.push({ arm, strategy, examples: candidate.rows })
      }
      const base = await askBase(parts, document)
      const usable = rows.filter(({ examples }) => examples.length > 0)
      const name = `round ${number}/strategies/${document.id}/effort ${effort}`
      const scores = await steps.run('strategies', name, async () => {
        const trainings = usable.map(({ strategy, examples }) => {
          const epochs = Math.max(1, Math.round(effort * strategy.recipe.epochs))
          return { examples, recipe: { ...strategy.recipe, epochs } }
        })
        const answers = await trainAndAsk(parts, trainings, () => document)
        return answers.map((answer) => rewardOf(settings.reward, base, answer))
      })
      // One that finds nothing to train on leaves the base as it is.
      byDocument.push(rows.map((row) => scores[usable.indexOf(row)] ?? 0))
    }
    return arms.map((_, at) => meanOf(byDocument.map((scores) => scores[at] ?? 0)))
  })

  // The default may fall out early; it is compared on the last rung where it took part.
  const shared = rungs.findLast(({ scores }) => scores.some(({ arm }) => arm === 0))
  const scoreOf = (wanted: number): number => shared?.scores.find(({ arm }) => arm === wanted)?.score ?? 0
  const minutes = ((steps.seconds()['strategies'] ?? 0) - spentBefore) / 60
  return {
    strategy: strategies[best] ?? standard,
    perMinute: minutes === 0 ? null : (scoreOf(best) - scoreOf(0)) / minutes,
  }
}
