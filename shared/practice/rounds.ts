// What a practice writes down as it goes: steps, rounds and policies. Every write is fenced by the lease of its update.
import { and, eq } from 'drizzle-orm'
import { recordChange } from '../audit/audit.ts'
import type { Db } from '../database/database.ts'
import { getModelById } from '../models/get-model.ts'
import { refuseCancelled, withLease, type Lease } from '../updates/lease.ts'
import { writeEvent } from '../updates/update-events.ts'
import { promotePolicy } from './policies.ts'
import { practiceRounds, practiceSteps, type Policy } from './practices.table.ts'
import { toRound, type RoundResult } from './round.ts'

/** Undefined for a step that was not done yet. */
export async function findStep(db: Db, practiceId: string, name: string): Promise<unknown> {
  const [row] = await db
    .select({ result: practiceSteps.result })
    .from(practiceSteps)
    .where(and(eq(practiceSteps.practiceId, practiceId), eq(practiceSteps.name, name)))
  return row?.result
}

/** Throws `lease_lost`. */
export async function saveStep(db: Db, lease: Lease, practiceId: string, name: string, result: unknown): Promise<void> {
  await withLease(db, lease, async (tx) => {
    await tx.insert(practiceSteps).values({ practiceId, name, result }).onConflictDoNothing()
  })
}

/** The rounds that ended, by number. */
export async function findRounds(
  db: Db,
  practiceId: string,
): Promise<Map<number, { result: RoundResult; policy: Policy | null }>> {
  const rows = await db.select().from(practiceRounds).where(eq(practiceRounds.practiceId, practiceId))
  return new Map(rows.flatMap(({ number, result, policy }) => (result === null ? [] : [[number, { result, policy }]])))
}

/** Throws `lease_lost`. */
export async function beginRound(db: Db, lease: Lease, practiceId: string, number: number): Promise<void> {
  await withLease(db, lease, async (tx) => {
    await tx.insert(practiceRounds).values({ practiceId, number }).onConflictDoNothing()
  })
}

/** From here on a promoted policy is the model's. Throws `lease_lost`, and `cancelled` where it would be one in spite of that. */
export async function endRound(
  db: Db,
  lease: Lease,
  round: { practiceId: string; number: number; result: RoundResult; policy: Policy | null },
): Promise<void> {
  const { practiceId, number, result, policy } = round
  await withLease(db, lease, async (tx, update) => {
    const { modelId } = update
    if (policy !== null) refuseCancelled(update)
    const policyNumber = policy === null ? null : await promotePolicy(tx, modelId)
    await tx
      .update(practiceRounds)
      .set({ result, policy, policyNumber })
      .where(and(eq(practiceRounds.practiceId, practiceId), eq(practiceRounds.number, number)))
    await writeEvent(tx, lease.updateId, 'round', toRound(number, result, policy?.sha256 ?? null))
    if (policy === null) return
    await recordChange(tx, {
      ...{
        action: 'policy.promoted',
        modelId,
        model: (await getModelById(tx, modelId)).name,
        updateId: lease.updateId,
      },
      input: { practice: practiceId, round: number, sha256: policy.sha256 },
    })
  })
}
