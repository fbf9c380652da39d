// A practice in the scene: one round that made a policy, one that did not, as the trainer leaves them.
import { sql } from 'drizzle-orm'
import type { Database } from '../../../shared/database/database.ts'
import { newId } from '../../../shared/ids.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { practiceRounds, practices } from '../../../shared/practice/practices.table.ts'
import type { RoundResult } from '../../../shared/practice/round.ts'
import { updates } from '../../../shared/updates/updates.table.ts'
import { verdict } from '../loop.ts'

/** Its id. */
export async function writePractice({ query: db }: Database): Promise<string> {
  const { id: modelId } = await getModel(db, 'default')
  const [id, updateId] = [newId('prc'), newId('upd')]
  await db.insert(updates).values({
    ...{ id: updateId, modelId, kind: 'practice', documentIds: [], state: 'promoted', phase: 'promoted', fraction: 1 },
    ...{ startedAt: sql`now()`, finishedAt: sql`now()` },
  })
  await db.insert(practices).values({
    ...{ id, modelId, updateId, documentIds: ['doc_a', 'doc_b'], heldOutIds: ['doc_c'] },
    settings: { rounds: 2, candidates: 5, reward: 'likelihood', strategies: true, temperature: 0.9, topP: 0.95 },
  })
  const result: RoundResult = {
    strategy: 'more rows, fewer epochs',
    reward: { kept: 1.42, all: 0.97 },
    reliability: 0.81,
    keptShare: 1,
    rows: 61,
    accuracy: { before: 2, after: 3, total: 5 },
    verdict,
    perMinute: { strategies: 0.04, samples: 0.02 },
    seconds: { writing: 310, training: 820, policy: 95, examining: 240 },
  }
  const policy = { key: `adapters/${'c'.repeat(64)}.safetensors`, sha256: 'c'.repeat(64), baseSha256: 'b'.repeat(64) }
  await db.insert(practiceRounds).values([
    { practiceId: id, number: 1, result, policy },
    {
      ...{ practiceId: id, number: 2, policy: null },
      result: { ...result, strategy: 'default', reward: { kept: 1.38, all: 1.12 }, keptShare: 0.5 },
    },
  ])
  return id
}
