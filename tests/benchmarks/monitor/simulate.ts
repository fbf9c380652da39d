// Runs the monitor's judgement on simulated updates whose truth is known, and counts how often each statistic alarms.
// On damage that is its power, without any its false-alarm rate.
import { createRandom } from '../../../services/engine/random.ts'
import { judgeRetention } from '../../../services/monitor/judge-retention.ts'
import type { ProbeChange } from '../../../services/monitor/question-losses.ts'
import { advance, changesBetween, drawStanding, isDamaged, type Setting } from './population.ts'

/** As a model's settings have it by default. */
const ALPHA = 0.05

/** Shares of all trials. */
export interface AlarmRates {
  /** Pooled exact McNemar on right and wrong. */
  mcnemar: number
  byQuestion: number
  byDocument: number
  /** With a document's signs correlated: the pooled statistic that counts. */
  pooled: number
  /** Benjamini-Hochberg at .10 marks at least one document. */
  documents: number
  /** The judgement: what the gate acts on. */
  regressed: number
  /** Mean share, among the documents named, of those whose questions' common level did not fall; 0 if none is named. */
  falseDiscoveries: number
  /** The same, counting as wrong also a document whose level fell by chance. */
  unmeant: number
  /** Of the damaged documents, the share that is named; of the others, the share called retained. */
  named: number | null
  retained: number | null
}

export function simulateUpdates(setting: Setting, trials: number, seed: number): AlarmRates {
  const sums = {
    mcnemar: 0,
    byQuestion: 0,
    byDocument: 0,
    pooled: 0,
    documents: 0,
    regressed: 0,
    falseDiscoveries: 0,
    unmeant: 0,
  }
  const shares = { named: [] as number[], retained: [] as number[] }
  const random = createRandom(seed)
  for (let trial = 0; trial < trials; trial++) {
    const before = drawStanding(setting, random)
    const { standing: after, fell } = advance(setting, before, 0, random)
    const changes = changesBetween(before, after)
    const { pooled, documents, regressed } = judgeRetention({ changes, alpha: ALPHA })
    if ((pooled.mcnemar ?? 1) < ALPHA) sums.mcnemar++
    if (pooled.byQuestion < ALPHA) sums.byQuestion++
    if (pooled.byDocument < ALPHA) sums.byDocument++
    if (pooled.pValue < ALPHA) sums.pooled++
    if (documents.some(({ qSignificant }) => qSignificant)) sums.documents++
    if (regressed) sums.regressed++
    const named = documents.flatMap(({ outcome }, index) => (outcome === 'regressed' ? [index] : []))
    sums.falseDiscoveries += shareOf(named, (index) => fell[index] !== true)
    sums.unmeant += shareOf(named, (index) => !isDamaged(setting, index))
    documents.forEach(({ outcome }, index) => {
      if (isDamaged(setting, index)) shares.named.push(outcome === 'regressed' ? 1 : 0)
      else shares.retained.push(outcome === 'retained' ? 1 : 0)
    })
  }
  const rates = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / trials])) as typeof sums
  return { ...rates, named: meanOf(shares.named), retained: meanOf(shares.retained) }
}

/** 0 of none. */
function shareOf<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return items.filter(matches).length / Math.max(1, items.length)
}

/** Shares of all trials in which an alarm rang at any of the updates. */
export interface DriftRates {
  mcnemar: number
  regressed: number
  /** The e-process of a document passed (e-BH over documents at .10), and that of the model (at .05). */
  documentDrift: number
  modelDrift: number
}

/** `setting.shift` is lost at every update. Each judgement sees the updates before it; the gate does not act. */
export function simulateDrift(setting: Setting, updates: number, trials: number, seed: number): DriftRates {
  const counts = { mcnemar: 0, regressed: 0, documentDrift: 0, modelDrift: 0 }
  const random = createRandom(seed)
  for (let trial = 0; trial < trials; trial++) {
    const rang = { mcnemar: false, regressed: false, documentDrift: false, modelDrift: false }
    const history: ProbeChange[][] = []
    let standing = drawStanding(setting, random)
    for (let update = 0; update < updates; update++) {
      const next = advance(setting, standing, update * setting.shift, random).standing
      const changes = changesBetween(standing, next)
      const { pooled, documents, drift, regressed } = judgeRetention({ changes, history, alpha: ALPHA })
      rang.mcnemar ||= (pooled.mcnemar ?? 1) < ALPHA
      rang.regressed ||= regressed
      rang.documentDrift ||= documents.some(({ drifted }) => drifted)
      rang.modelDrift ||= drift.passed
      history.push(changes)
      standing = next
    }
    for (const name of Object.keys(counts) as (keyof DriftRates)[]) if (rang[name]) counts[name]++
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / trials])) as typeof counts
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
