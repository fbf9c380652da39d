// A practice of the default model without an engine: rounds that ended, with the policies they are said to have promoted.
import type { Database } from '../../shared/database/database.ts'
import type { Policy } from '../../shared/practice/practices.table.ts'
import { queuePractice } from '../../shared/practice/queue-practice.ts'
import type { RoundResult } from '../../shared/practice/round.ts'
import { beginRound, endRound } from '../../shared/practice/rounds.ts'
import type { Lease } from '../../shared/updates/lease.ts'
import { claimNext, verdict } from './loop.ts'

/** Of the base that policies are for unless a test says otherwise. */
export const baseSha256 = 'b'.repeat(64)
const result: RoundResult = {
  ...{ strategy: 'default', reward: { kept: 1.4, all: 0.9 }, reliability: 0.8, keptShare: 1, rows: 61, verdict },
  ...{ accuracy: { before: 1, after: 2, total: 2 }, perMinute: { strategies: null, samples: 0.02 } },
  seconds: { writing: 310 },
}
export const policyOf = (letter: string, base = baseSha256): Policy => ({
  key: `adapters/${letter.repeat(64)}.safetensors`,
  sha256: letter.repeat(64),
  baseSha256: base,
})

/** A practice with a round for each of these, null for one that was rejected; it runs until somebody ends it by its lease. */
export async function practiseFor(
  database: Database,
  policies: (Policy | null)[],
): Promise<{ id: string; lease: Lease; end: (policy: Policy | null) => Promise<void> }> {
  const { query } = database
  const settings = { candidates: 2, reward: 'likelihood', strategies: false, temperature: 0.9, top_p: 0.95 } as const
  const { id } = await queuePractice(query, 'default', { ...settings, rounds: policies.length + 1 })
  const { lease } = await claimNext(database)
  let number = 0
  const end = async (policy: Policy | null): Promise<void> => {
    number += 1
    await beginRound(query, lease, id, number)
    await endRound(query, lease, { practiceId: id, number, result, policy })
  }
  for (const policy of policies) await end(policy)
  return { id, lease, end }
}
