// How much a candidate forgot, in the three measures of STABLE (arXiv 2510.16089), and what a model's gate allows of each.
// A measure that was not taken, or that the gate does not limit, is null.
import type { Gate } from '../../shared/models/settings.ts'
import type { Forgetting } from '../../shared/versions/verdict.ts'
import type { AnswerPair } from './compare.ts'

/**
 * `pairs`: the older questions, asked of the parent and of the candidate; `goldTokens`: tokens of a probe's right answer;
 * `klBits`: KL(base || candidate), bits a token. Negative where the candidate knows more than its parent.
 */
export function measureForgetting(
  pairs: readonly AnswerPair[],
  goldTokens: (probeId: string) => number,
  klBits: number | null,
): Forgetting {
  if (pairs.length === 0) return { accuracyDrop: null, bitsPerToken: null, klBits }
  let [lost, nats, tokens] = [0, 0, 0]
  for (const { probeId, before, after } of pairs) {
    lost += Number(before.correct) - Number(after.correct)
    nats += before.logprob - after.logprob
    tokens += goldTokens(probeId)
  }
  return { accuracyDrop: lost / pairs.length, bitsPerToken: nats / Math.LN2 / Math.max(1, tokens), klBits }
}

export function budgetOf({ accuracyDropMax, bitsPerTokenMax, klBitsMax }: Gate): Forgetting {
  return { accuracyDrop: accuracyDropMax, bitsPerToken: bitsPerTokenMax, klBits: klBitsMax }
}

const MEASURES = {
  accuracyDrop: 'share of older questions lost',
  bitsPerToken: 'bits a token lost on older answers',
  klBits: 'bits a token away from the base',
} as const satisfies Record<keyof Forgetting, string>

/** The measures over budget in words, e.g. `.12 share of older questions lost, .07 allowed`; empty when within. */
export function describeExcess(forgetting: Forgetting, budget: Forgetting): string {
  return (['accuracyDrop', 'bitsPerToken', 'klBits'] as const)
    .flatMap((name) => {
      const [measured, allowed] = [forgetting[name], budget[name]]
      if (measured === null || allowed === null || measured <= allowed) return []
      return `${measured.toPrecision(2)} ${MEASURES[name]}, ${allowed} allowed`
    })
    .join('; ')
}
