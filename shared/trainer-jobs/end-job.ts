// The last word of a trainer that drains one model's queue. It is said with the model locked, as updates are queued with
// it locked: whatever is queued later finds no job and submits one.
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { lockModel } from '../models/lock-model.ts'
import { RUNNING_STATES } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import { trainerJobs } from './trainer-jobs.table.ts'

/**
 * True, and the model's job is over, when nothing is left to do but what awaits its review. An update that another worker
 * is at is waited for: that worker may be this job's own last attempt, taken away a moment ago, whose lease still runs.
 */
export async function endJob(db: Db, modelId: string): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await lockModel(tx, { id: modelId })
    const [unfinished] = await tx
      .select({ id: updates.id })
      .from(updates)
      .where(
        and(
          eq(updates.modelId, modelId),
          isNull(updates.finishedAt),
          inArray(updates.state, ['queued', ...RUNNING_STATES]),
        ),
      )
      .limit(1)
    if (unfinished !== undefined) return false
    await tx.delete(trainerJobs).where(eq(trainerJobs.modelId, modelId))
    return true
  })
}
