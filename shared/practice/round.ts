// One round of practice: what it was to do, and what came of it. Stored as JSON, shown with its figures rounded.
import { z } from 'zod'
import { roundFigure } from '../round-figure.ts'
import { tallySchema, type Tally } from '../updates/update.ts'
import { toVerdictBody, verdictBodySchema, type Verdict } from '../versions/verdict.ts'

export interface RoundResult {
  /** How documents were studied and trained: `default`, or what the bandit chose. */
  strategy: string
  /** Means over documents: of the candidates that were kept, and of all. Null where there were none. */
  reward: { kept: number | null; all: number | null }
  /** ICC(1) of the rewards over two trainings of the same candidates; null where nothing varied. */
  reliability: number | null
  /** Documents with a candidate that beats the base, of all. */
  keptShare: number
  /** Training rows of the policy. */
  rows: number
  /** Questions of the held-out documents after each was learned, studied by the policy before and after the round. */
  accuracy: Tally | null
  /** Null where no candidate was kept, so that there was nothing to train a policy on. */
  verdict: Verdict | null
  /** Gain of the reward a minute: by choosing a strategy, and by choosing among samples. Null where it was not tried. */
  perMinute: { strategies: number | null; samples: number | null }
  /** By phase; over all attempts. */
  seconds: Record<string, number>
}

export const roundSchema = z.object({
  number: z.number().int(),
  state: z.enum(['running', 'promoted', 'rejected']),
  strategy: z.string().nullable(),
  reward: z.number().nullable(),
  reward_of_all: z.number().nullable(),
  reliability: z.number().nullable(),
  kept_share: z.number().nullable(),
  rows: z.number().int().nullable(),
  accuracy: tallySchema.nullable(),
  verdict: verdictBodySchema.nullable(),
  /** Gain of the reward a minute. */
  per_minute: z.object({ strategies: z.number().nullable(), samples: z.number().nullable() }).nullable(),
  seconds: z.record(z.string(), z.number()).nullable(),
  /** The SHA-256 of the policy that it made and that was promoted. */
  policy: z.string().nullable(),
})
export type Round = z.infer<typeof roundSchema>

export function toRound(number: number, result: RoundResult | null, policy: string | null): Round {
  const state = result === null ? 'running' : policy === null ? 'rejected' : 'promoted'
  const verdict = result?.verdict ?? null
  return {
    number,
    state,
    strategy: result?.strategy ?? null,
    reward: roundFigure(result?.reward.kept ?? null),
    reward_of_all: roundFigure(result?.reward.all ?? null),
    reliability: roundFigure(result?.reliability ?? null),
    kept_share: roundFigure(result?.keptShare ?? null),
    rows: result?.rows ?? null,
    accuracy: result?.accuracy ?? null,
    verdict: verdict === null ? null : toVerdictBody(verdict),
    per_minute:
      result === null
        ? null
        : { strategies: roundFigure(result.perMinute.strategies), samples: roundFigure(result.perMinute.samples) },
    seconds: result?.seconds ?? null,
    policy,
  }
}
