// What a candidate is worth: SEAL's reward, whether accuracy rose, and ours, the change of the mean log-probability of the
// right answers. Five questions answer right or wrong tell little; how likely the right answers became tells more. How much
// more is what the reliability says: the share of the rewards' variance that another training of the candidates repeats.

export type RewardKind = 'likelihood' | 'accuracy'

/** A document's questions asked of one adapter, or of the base. */
export interface Answered {
  correct: number
  total: number
  /** Mean log p(gold | question), nats. */
  logprob: number
}

/** Above 0 where the candidate beats the unedited base. */
export function rewardOf(kind: RewardKind, base: Answered, candidate: Answered): number {
  if (kind === 'likelihood') return candidate.logprob - base.logprob
  return (candidate.correct - base.correct) / Math.max(1, candidate.total)
}

/** The best candidate above 0, the first of equals; null where none beats the base. A null reward: nothing to train on. */
export function chooseBest(rewards: readonly (number | null)[]): number | null {
  const best = Math.max(...rewards.map((reward) => reward ?? -Infinity))
  return best > 0 ? rewards.indexOf(best) : null
}

/**
 * ICC(1), the one-way intraclass correlation of Shrout and Fleiss (1979): (B - W) / (B + (n - 1) W) with the mean squares
 * between candidates and within them, n trainings of each. `groups` [document][candidate][training]: candidates are held
 * against those of their own document alone, since only they compete. Null where nothing varies or nothing was repeated.
 */
export function intraclassCorrelation(groups: readonly (readonly (readonly number[])[])[]): number | null {
  const repeats = groups[0]?.[0]?.length ?? 0
  let [between, within, betweenFreedom, withinFreedom] = [0, 0, 0, 0]
  for (const candidates of groups) {
    const center = meanOf(candidates.flat())
    for (const rewards of candidates) {
      if (rewards.length !== repeats) throw new RangeError('every candidate must be trained equally often')
      between += repeats * (meanOf(rewards) - center) ** 2
      within += rewards.reduce((sum, reward) => sum + (reward - meanOf(rewards)) ** 2, 0)
      withinFreedom += repeats - 1
    }
    betweenFreedom += Math.max(0, candidates.length - 1)
  }
  if (betweenFreedom === 0 || withinFreedom === 0) return null
  const [meanBetween, meanWithin] = [between / betweenFreedom, within / withinFreedom]
  const whole = meanBetween + (repeats - 1) * meanWithin
  return whole === 0 ? null : (meanBetween - meanWithin) / whole
}

/** 0 for none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
