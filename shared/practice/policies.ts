// The policies of a model, which write its self-edits: 0 is what came with the base, each promotion of a practice gives the
// next number. One of them is active; going back to an older one deletes nothing, and the next promotion counts on.
import { and, desc, eq, isNotNull, lte, max, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { lockModel, lockModelNamed } from '../models/lock-model.ts'
import { getModel } from '../models/get-model.ts'
import { models } from '../models/models.table.ts'
import { practiceRounds, practices, type Policy } from './practices.table.ts'

export const policySchema = z.object({
  object: z.literal('policy'),
  model: z.string(),
  policy: z.number().int().meta({ description: '0 is what came with the base: its study adapter, or nothing.' }),
  active: z.boolean().meta({ description: 'It writes the self-edits of the documents that are studied from now on.' }),
  practice_id: z.string().nullable().meta({ description: 'Null for policy 0, as all that follows.' }),
  round: z.number().int().nullable(),
  sha256: z.string().nullable().meta({ description: 'Of its adapter.' }),
  created_at: z.number().int().nullable().meta({ description: 'When its round began.' }),
})
export type PolicyBody = z.infer<typeof policySchema>

/** All of a model, the newest first, policy 0 last. Throws `not_found`. */
export async function listPolicies(db: Db, name: string): Promise<PolicyBody[]> {
  const model = await getModel(db, name)
  const rows = await db
    .select({ round: practiceRounds, active: models.policyNumber })
    .from(practiceRounds)
    .innerJoin(practices, eq(practices.id, practiceRounds.practiceId))
    .innerJoin(models, eq(models.id, practices.modelId))
    .where(and(eq(practices.modelId, model.id), isNotNull(practiceRounds.policyNumber)))
    .orderBy(desc(practiceRounds.policyNumber))
  const promoted = rows.map(({ round, active }) => ({
    ...{ object: 'policy' as const, model: name, policy: round.policyNumber ?? 0 },
    active: round.policyNumber === active,
    ...{ practice_id: round.practiceId, round: round.number, sha256: round.policy?.sha256 ?? null },
    created_at: unixSeconds(round.createdAt),
  }))
  const first = {
    ...{ object: 'policy' as const, model: name, policy: 0, active: !promoted.some(({ active }) => active) },
    ...{ practice_id: null, round: null, sha256: null, created_at: null },
  }
  return [...promoted, first]
}

/** Lets a policy write again, from the next document that is studied on. Throws `not_found`. */
export async function activatePolicy(db: Db, name: string, number: number): Promise<PolicyBody> {
  return await db.transaction(async (tx) => {
    const { id } = await lockModelNamed(tx, name)
    const known = (await listPolicies(tx, name)).find(({ policy }) => policy === number)
    if (known === undefined) throw new AppError('not_found', `model ${name} has no policy ${number}`)
    await tx.update(models).set({ policyNumber: number }).where(eq(models.id, id))
    return { ...known, active: true }
  })
}

/** Makes room for one policy more, which is the active one from then on, and returns its number. */
export async function promotePolicy(tx: Db, modelId: string): Promise<number> {
  await lockModel(tx, { id: modelId })
  const [row] = await tx
    .select({ last: max(practiceRounds.policyNumber) })
    .from(practiceRounds)
    .innerJoin(practices, eq(practices.id, practiceRounds.practiceId))
    .where(eq(practices.modelId, modelId))
  const policyNumber = (row?.last ?? 0) + 1
  await tx.update(models).set({ policyNumber }).where(eq(models.id, modelId))
  return policyNumber
}

/**
 * The policy that is active, or where it belongs to another base the newest before it that belongs to this one; undefined for
 * policy 0.
 */
export async function findPolicy(db: Db, modelId: string, baseSha256: string): Promise<Policy | undefined> {
  const [row] = await db
    .select({ policy: practiceRounds.policy })
    .from(practiceRounds)
    .innerJoin(practices, eq(practices.id, practiceRounds.practiceId))
    .innerJoin(models, eq(models.id, practices.modelId))
    .where(
      and(
        eq(models.id, modelId),
        lte(practiceRounds.policyNumber, models.policyNumber),
        sql`${practiceRounds.policy} ->> 'baseSha256' = ${baseSha256}`,
      ),
    )
    .orderBy(desc(practiceRounds.policyNumber))
    .limit(1)
  return row?.policy ?? undefined
}
