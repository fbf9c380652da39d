// The ways to go on learning that are compared: the service's strategies by their own plans, and SEAL's recipe.
import { modelSettingsSchema, STRATEGIES } from '../../../shared/models/settings.ts'
import type { ModelSettings, StrategyName } from '../../../shared/models/settings.ts'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'

export interface Way {
  name: string
  about: string
  /** Whose plan is followed. */
  settings: ModelSettings
  /** Trained and asked by SEAL's recipe instead of ours. */
  seal: boolean
}

const settingsOf = (strategy: StrategyName): ModelSettings => modelSettingsSchema.parse({ strategy })

const ABOUT: Record<StrategyName, string> = {
  routed: 'an adapter for each document, the router picks',
  replay: 'one adapter, trained from the base on the stored self-edits of all documents within a budget of tokens',
  sequential: 'our self-edits and recipe; each update is merged and the next goes on from there',
}

export const WAYS: readonly Way[] = [
  ...STRATEGIES.map((strategy) => ({
    ...{ name: strategy, about: ABOUT[strategy], settings: settingsOf(strategy), seal: false },
  })),
  {
    name: 'seal',
    about: "SEAL's recipe as published on this base (padding left out), merged after each document",
    settings: settingsOf('sequential'),
    seal: true,
  },
]

/** In the order of the table. Throws a PlainError that names what is unknown. */
export function chooseWays(names: readonly string[] | undefined): Way[] {
  const unknown = (names ?? []).filter((name) => !WAYS.some((way) => way.name === name))
  if (unknown.length > 0)
    throw new PlainError(
      `--arms: ${unknown.join(', ')} not known; there are ${WAYS.map(({ name }) => name).join(', ')}.`,
    )
  return WAYS.filter(({ name }) => names?.includes(name) ?? true)
}
