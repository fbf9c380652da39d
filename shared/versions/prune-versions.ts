// Deletes versions that are not kept: their rows stay, with verdict and evaluations, so that the history reads on; they
// answer no more, and garbage collection takes the adapters that no other version refers to. What is relied on is always
// kept: the base, the head and its parent (the way back), what an alias points to, what is pinned.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listAliases } from '../aliases/get-alias.ts'
import { recordChange } from '../audit/audit.ts'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModelNamed } from '../models/lock-model.ts'
import type { Model } from '../models/model.ts'
import { getVersion } from './get-version.ts'
import type { Version } from './version.ts'
import { versions } from './versions.table.ts'

const REASONS = ['base', 'head', 'parent_of_head', 'alias', 'pinned', 'newest', 'not_named'] as const
type Reason = (typeof REASONS)[number]

/** The newest so many are kept, or exactly these are deleted. */
export type PruneInput = { keep: number } | { versions: readonly number[] }

export const pruningSchema = z.object({
  object: z.literal('pruning'),
  model: z.string(),
  dry_run: z.boolean(),
  deleted: z.array(z.number().int()).meta({ description: 'Versions that went, or would go.' }),
  kept: z.array(z.object({ version: z.number().int(), reason: z.enum(REASONS) })),
})
export type Pruning = z.infer<typeof pruningSchema>

/** Throws `not_found`; `conflict` where a version that is named has to be kept. */
export async function pruneVersions(db: Db, name: string, input: PruneInput, dryRun: boolean): Promise<Pruning> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    const { deleted, kept } = await planPruning(tx, model, input)
    if ('versions' in input) {
      const held = kept.find(({ version, reason }) => input.versions.includes(version) && reason !== 'not_named')
      if (held !== undefined)
        throw new AppError(
          'conflict',
          `version ${held.version} of ${name} is kept: ${held.reason.replaceAll('_', ' ')}`,
        )
      for (const number of input.versions) await getVersion(tx, name, number)
    }
    if (!dryRun) await markDeleted(tx, model, deleted)
    return { object: 'pruning', model: name, dry_run: dryRun, deleted, kept }
  })
}

/** What `keep_versions` asks for, in the transaction of a promotion, with the model locked after its head has moved. */
export async function applyRetentionPolicy(tx: Db, model: Model, updateId: string): Promise<void> {
  const { keepVersions } = model.settings
  if (keepVersions === null) return
  const { deleted } = await planPruning(tx, model, { keep: keepVersions })
  if (deleted.length === 0) return
  await markDeleted(tx, model, deleted)
  await recordChange(tx, {
    ...{ action: 'versions.deleted', modelId: model.id, model: model.name, updateId },
    input: { versions: deleted, keep_versions: keepVersions },
  })
}

/** Throws `not_found`, for one that was deleted too. `require` sees the version as it is under the lock, and may throw. */
export async function pinVersion(
  db: Db,
  name: string,
  number: number,
  pinned: boolean,
  require: (current: Version) => void = () => undefined,
): Promise<Version> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    const version = await getVersion(tx, name, number)
    if (version.deletedAt !== null) throw new AppError('not_found', `version ${number} of ${name} was deleted`)
    require(version)
    await tx
      .update(versions)
      .set({ pinned })
      .where(and(eq(versions.modelId, model.id), eq(versions.number, number)))
    return { ...version, pinned }
  })
}

async function planPruning(tx: Db, model: Model, input: PruneInput): Promise<Pick<Pruning, 'deleted' | 'kept'>> {
  const rows = await tx
    .select({ number: versions.number, parent: versions.parent, pinned: versions.pinned })
    .from(versions)
    .where(and(eq(versions.modelId, model.id), isNull(versions.deletedAt)))
    .orderBy(asc(versions.number))
  const aliased = new Set((await listAliases(tx, model)).map(({ version }) => version))
  const parentOfHead = rows.find(({ number }) => number === model.headVersion)?.parent
  const reasonFor = ({ number, pinned }: { number: number; pinned: boolean }, index: number): Reason | undefined => {
    if (number === 0) return 'base'
    if (number === model.headVersion) return 'head'
    if (number === parentOfHead) return 'parent_of_head'
    if (aliased.has(number)) return 'alias'
    if (pinned) return 'pinned'
    if ('versions' in input) return input.versions.includes(number) ? undefined : 'not_named'
    return index >= rows.length - input.keep ? 'newest' : undefined
  }
  const judged = rows.map((row, index) => ({ version: row.number, reason: reasonFor(row, index) }))
  return {
    deleted: judged.flatMap(({ version, reason }) => (reason === undefined ? version : [])),
    kept: judged.flatMap(({ version, reason }) => (reason === undefined ? [] : { version, reason })),
  }
}

async function markDeleted(tx: Db, { id }: Model, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  await tx
    .update(versions)
    .set({ deletedAt: sql`now()` })
    .where(and(eq(versions.modelId, id), inArray(versions.number, [...numbers])))
}
