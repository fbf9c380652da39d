// What a study cost, added up over the attempts of an update and kept when one of them stops before its end: the first
// half of its receipt.
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { withLease, type Lease } from './lease.ts'
import { updates } from './updates.table.ts'

export interface StudyCost {
  studyingMs: number
  generatedTokens: number
  /** The budget of the training that follows; null where there is none. */
  trainedTokensMax: number | null
}

/** Throws `lease_lost`. */
export async function recordStudy(db: Db, lease: Lease, cost: StudyCost): Promise<void> {
  const { studyingMs, generatedTokens, trainedTokensMax } = cost
  await withLease(db, lease, async (tx, { timingsMs }) => {
    await tx
      .update(updates)
      .set({
        timingsMs: { ...timingsMs, studying: (timingsMs['studying'] ?? 0) + Math.round(studyingMs) },
        generatedTokens: sql`${updates.generatedTokens} + ${generatedTokens}`,
        trainedTokensMax,
      })
      .where(eq(updates.id, lease.updateId))
  })
}
