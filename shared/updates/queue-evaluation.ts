// Asks for the head to be measured again: when somebody wants to know, or when the last measurement is as old as the model's
// settings allow. An update like any other, in its turn.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModel, lockModelNamed } from '../models/lock-model.ts'
import { models } from '../models/models.table.ts'
import { queueUpdate, type QueueUpdateInput } from './queue-update.ts'
import { toUpdate, type Update } from './update.ts'
import { updates } from './updates.table.ts'

/** Throws `not_found`, and `conflict` when the head is the base, or one such update waits already. */
export async function queueEvaluation(db: Db, name: string): Promise<Update> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    if (model.headVersion === 0)
      throw new AppError('conflict', 'there is nothing to evaluate: the head is the base. Send a document first')
    const [waiting] = await tx
      .select({ id: updates.id })
      .from(updates)
      .where(and(eq(updates.modelId, model.id), eq(updates.kind, 'evaluate'), isNull(updates.finishedAt)))
    if (waiting !== undefined) throw new AppError('conflict', `update ${waiting.id} evaluates ${name} already`)
    return toUpdate(await queueUpdate(tx, evaluationOf(model.id)), name)
  })
}

/**
 * Queues an evaluation of one model whose `reevaluate_hours` are over and that has nothing else to do; undefined when
 * there is none. However many call it at once, one update is queued.
 */
export async function queueDueEvaluation(db: Db): Promise<Update | undefined> {
  const due = await findDue(db)
  if (due === undefined) return undefined
  return await db.transaction(async (tx) => {
    const model = await lockModel(tx, { id: due.id })
    // Another may have queued it before the lock was ours.
    if (model === undefined || (await findDue(tx, due.id)) === undefined) return undefined
    return toUpdate(await queueUpdate(tx, evaluationOf(model.id)), model.name)
  })
}

/**
 * By the database's clock. The update that made the head measured it too; an evaluation that failed counts as one, or it
 * would be tried again at once.
 */
async function findDue(db: Db, id?: string): Promise<{ id: string } | undefined> {
  const seconds = sql`(${models.settings} ->> 'reevaluateHours')::float8 * 3600`
  const measured = sql`(${updates.kind} = 'evaluate' or ${updates.version} = ${models.headVersion})`
  const recent = sql`${updates.finishedAt} > clock_timestamp() - make_interval(secs => ${seconds})`
  const [due] = await db
    .select({ id: models.id })
    .from(models)
    .where(
      and(
        id === undefined ? undefined : eq(models.id, id),
        sql`${models.headVersion} > 0`,
        sql`${seconds} is not null`,
        sql`not exists (select 1 from ${updates} where ${updates.modelId} = ${models.id}
          and ((${updates.finishedAt} is null and ${updates.state} <> 'awaiting_review') or (${measured} and ${recent})))`,
      ),
    )
    .limit(1)
  return due
}

function evaluationOf(modelId: string): QueueUpdateInput {
  return { modelId, kind: 'evaluate', documentIds: [], review: false }
}
