// `npm run bench:monitor`: how often the monitor's statistics find a loss that is there, and how often one that is not.
// Simulated, because only then the truth is known; what is assumed stands in monitor/population.ts. No model runs.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { toDriftTable, toUpdateTable, type DriftLine, type UpdateLine } from './monitor/report.ts'
import { driftScenarios, noiseScenarios, sizeScenarios, type Scenario } from './monitor/scenarios.ts'
import { simulateDrift, simulateUpdates } from './monitor/simulate.ts'

const HELP = `npm run bench:monitor -- [flags]

Simulates updates whose effect on the older documents is known, gives their measurements to the monitor's judgement, and
prints the share of updates in which each statistic alarms: power where something was lost, false alarms where nothing
was. No model runs.

  --trials N       updates of each kind (1000); a series of updates is simulated a fifth as often
  --seed N         (1)
  --only NAME      noises, sizes or drift (all three)
  --json FILE      write the rates there
  --markdown FILE  write the tables there
  --help
`

const SECTIONS = ['noises', 'sizes', 'drift'] as const
type Section = (typeof SECTIONS)[number]

const say = (line: string): void => console.log(line)

function main(): void {
  const { values: flags } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      trials: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  })
  if (flags.help) return say(HELP)
  const trials = wholeNumber('trials', flags.trials)
  const seed = wholeNumber('seed', flags.seed)
  const sections = sectionsOf(flags.only)
  const seriesTrials = Math.ceil(trials / 5)

  const updates = { noises: noiseScenarios, sizes: sizeScenarios }
  const lines = Object.entries(updates).flatMap(([section, list]) =>
    sections.some((wanted) => wanted === section) ? [{ section, lines: runUpdates(list(), trials, seed) }] : [],
  )
  const drift = sections.includes('drift') ? runDrift(seriesTrials, seed) : []

  const tables = [
    ...lines.map((part) => toUpdateTable(part.lines)),
    ...(drift.length === 0 ? [] : [toDriftTable(drift)]),
  ].join('\n\n')
  const note = `Shares of ${trials} simulated updates, of ${seriesTrials} series of updates; seed ${seed}.`
  say(`\n${tables}\n\n${note}`)
  if (flags.markdown !== undefined) writeFileSync(flags.markdown, `${tables}\n\n${note}\n`)
  if (flags.json !== undefined)
    writeFileSync(flags.json, `${JSON.stringify({ trials, seriesTrials, seed, updates: lines, drift }, null, 2)}\n`)
}

function runUpdates(scenarios: readonly Scenario[], trials: number, seed: number): UpdateLine[] {
  return scenarios.map(({ name, setting }, index) => {
    const rates = simulateUpdates(setting, trials, seed + index)
    say(`${name}: alarm ${rates.regressed.toFixed(3)}, McNemar ${rates.mcnemar.toFixed(3)}`)
    return { name, rates }
  })
}

function runDrift(trials: number, seed: number): DriftLine[] {
  return driftScenarios().map(({ name, updates, setting }, index) => {
    const rates = simulateDrift(setting, updates, trials, seed + index)
    say(`${name}, ${updates} updates: e-process of the model ${rates.modelDrift.toFixed(3)}`)
    return { name, updates, rates }
  })
}

function sectionsOf(only: string | undefined): readonly Section[] {
  if (only === undefined) return SECTIONS
  const section = SECTIONS.find((name) => name === only)
  if (section === undefined) throw new PlainError(`--only must be one of ${SECTIONS.join(', ')}, not "${only}".`)
  return [section]
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new PlainError(`--${flag} must be a whole number of at least 1, not "${text}".`)
}

try {
  main()
} catch (error) {
  reportFailure(error)
}
