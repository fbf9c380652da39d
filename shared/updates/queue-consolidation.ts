// Asks for a model's adapters to be made one: an update like any other, in its turn after those that wait already.
import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModelNamed } from '../models/lock-model.ts'
import { consolidationConflict } from '../models/strategy-conflict.ts'
import { getVersion } from '../versions/get-version.ts'
import { queueUpdate } from './queue-update.ts'
import { toUpdate, type Update } from './update.ts'
import { updates } from './updates.table.ts'

/** Throws `not_found`, and `conflict` when there is nothing to make one, or one such update waits already. */
export async function queueConsolidation(db: Db, name: string): Promise<Update> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    const why = consolidationConflict((await getVersion(tx, name, model.headVersion)).manifest)
    if (why !== null) throw new AppError('conflict', why)
    const [waiting] = await tx
      .select({ id: updates.id })
      .from(updates)
      .where(and(eq(updates.modelId, model.id), eq(updates.kind, 'consolidate'), isNull(updates.finishedAt)))
    if (waiting !== undefined) throw new AppError('conflict', `update ${waiting.id} consolidates ${name} already`)
    const row = await queueUpdate(tx, { modelId: model.id, kind: 'consolidate', documentIds: [], review: false })
    return toUpdate(row, name)
  })
}
