// Contenders take turns, round by round, after one round that is not counted; ratios are taken within a round. So a
// machine that slows down in the middle of a run slows both sides of every ratio.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Arm, ArmRequest } from './arm.ts'

export interface Contender {
  name: string
  arm: Arm
  request: ArmRequest
}

export interface Series {
  name: string
  /** Amount a second, one entry a round. */
  rates: number[]
  /** Why it stopped taking part. */
  error?: string
}

/** Thread pools of the one before spin on for a while; they shall not take a core from the next. */
const pauseMs = 300

export async function measureRounds(
  contenders: readonly Contender[],
  rounds: number,
  say: (line: string) => void,
): Promise<Series[]> {
  const series = contenders.map(({ name }): Series => ({ name, rates: [] }))
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { name, arm, request }] of contenders.entries()) {
      const own = series[index]
      if (!own || own.error !== undefined) continue
      await sleep(pauseMs)
      try {
        const { amount, seconds } = await arm.measure(request)
        if (round > 0) own.rates.push(amount / seconds)
      } catch (error) {
        own.error = error instanceof Error ? error.message : String(error)
        say(`  ${name} failed: ${own.error}`)
      }
    }
    say(round === 0 ? '  warmed up' : `  round ${round} of ${rounds}`)
  }
  return series
}

export interface Spread {
  min: number
  median: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (min === undefined || max === undefined || low === undefined || high === undefined) return undefined
  return { min, median: (low + high) / 2, max }
}

/** The ratio of two series, round by round; against the best of several, by median. */
export function ratiosOf(
  of: Series | undefined,
  over: readonly Series[],
): { over: string; ratios: number[] } | undefined {
  const [best] = over
    .filter(({ rates }) => rates.length > 0)
    .sort((a, b) => (spreadOf(b.rates)?.median ?? 0) - (spreadOf(a.rates)?.median ?? 0))
  if (!of || !best) return undefined
  const ratios = of.rates.flatMap((rate, round) => {
    const against = best.rates[round]
    return against === undefined ? [] : [rate / against]
  })
  return ratios.length > 0 ? { over: best.name, ratios } : undefined
}
