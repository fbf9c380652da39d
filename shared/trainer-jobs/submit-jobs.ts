// Starts a trainer for each model whose work nobody is at. The queue itself is the outbox: an update is stored with its
// document in one transaction, and whoever comes by afterwards (the API after a write, a schedule) reads from the tables
// what is to be submitted. The row of a model is taken before its job is asked for, so that of many who come by at once
// one submits. A job too many would do no harm: it finds the queue empty, and leases keep updates apart.
import { and, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { models } from '../models/models.table.ts'
import { RUNNING_STATES } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import type { Batch } from './batch.ts'
import { trainerJobs } from './trainer-jobs.table.ts'

/** A job this young may not be listed yet, or its submitter still be about to write its id down. */
const settledSeconds = 60

/** Names of the models for which a job was submitted. Throws what the batch service throws; the model is free again then. */
export async function submitJobs(db: Db, batch: Batch): Promise<string[]> {
  const taken = await takeWaiting(db)
  for (const [index, model] of taken.entries()) {
    try {
      const jobId = await batch.submit(model.name)
      await db.update(trainerJobs).set({ jobId }).where(eq(trainerJobs.modelId, model.id))
    } catch (error) {
      const unserved = taken.slice(index).map(({ id }) => id)
      await db.delete(trainerJobs).where(and(inArray(trainerJobs.modelId, unserved), isNull(trainerJobs.jobId)))
      throw error
    }
  }
  return taken.map(({ name }) => name)
}

/** Forgets jobs that ended without a word (an instance that was taken away, a time limit), then submits what waits. */
export async function reconcileJobs(db: Db, batch: Batch): Promise<string[]> {
  const settled = lt(trainerJobs.requestedAt, sql`now() - make_interval(secs => ${settledSeconds})`)
  const rows = await db
    .select({ jobId: trainerJobs.jobId })
    .from(trainerJobs)
    .where(and(settled, isNotNull(trainerJobs.jobId)))
  const jobIds = rows.flatMap(({ jobId }) => jobId ?? [])
  const alive = jobIds.length === 0 ? new Set<string>() : await batch.findAlive(jobIds)
  const dead = jobIds.filter((id) => !alive.has(id))
  await db
    .delete(trainerJobs)
    .where(
      and(settled, or(isNull(trainerJobs.jobId), dead.length === 0 ? undefined : inArray(trainerJobs.jobId, dead))),
    )
  return await submitJobs(db, batch)
}

/** Of the models with work that no live lease and no job covers, those that this call has taken. */
async function takeWaiting(db: Db): Promise<{ id: string; name: string }[]> {
  const running = inArray(updates.state, [...RUNNING_STATES])
  const leased = sql`${updates.leaseExpiresAt} >= clock_timestamp()`
  const waiting = db
    .selectDistinct({ id: updates.modelId })
    .from(updates)
    .where(and(isNull(updates.finishedAt), or(eq(updates.state, 'queued'), running)))
  const atWork = db
    .select({ id: updates.modelId })
    .from(updates)
    .where(and(isNull(updates.finishedAt), running, leased))
  return await db.transaction(async (tx) => {
    const found = await tx
      .select({ id: models.id, name: models.name })
      .from(models)
      .where(
        and(
          inArray(models.id, waiting),
          sql`${models.id} not in ${atWork}`,
          sql`not exists (select 1 from ${trainerJobs} where ${trainerJobs.modelId} = ${models.id})`,
        ),
      )
    if (found.length === 0) return []
    const taken = await tx
      .insert(trainerJobs)
      .values(found.map(({ id }) => ({ modelId: id })))
      .onConflictDoNothing()
      .returning({ id: trainerJobs.modelId })
    return found.filter(({ id }) => taken.some((one) => one.id === id))
  })
}
