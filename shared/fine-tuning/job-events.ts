// What happened to a job: the events of its updates, in words and, for the loss, as metrics; and its checkpoints, which
// are the versions that its updates became.
import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { getCursor, unknownCursor } from '../database/get-cursor.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { updateEvents } from '../updates/update-events.table.ts'
import { updates } from '../updates/updates.table.ts'
import type { JobBody } from './job.ts'

export const jobEventSchema = z.object({
  object: z.literal('fine_tuning.job.event'),
  id: z.string(),
  created_at: z.number().int(),
  level: z.enum(['info', 'warn', 'error']),
  type: z.enum(['message', 'metrics']),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type JobEvent = z.infer<typeof jobEventSchema>

export const checkpointSchema = z.object({
  object: z.literal('fine_tuning.job.checkpoint'),
  id: z.string(),
  created_at: z.number().int(),
  fine_tuned_model_checkpoint: z.string(),
  fine_tuning_job_id: z.string(),
  step_number: z.number().int(),
  metrics: z.object({ step: z.number().int(), train_loss: z.number().optional() }),
})
export type Checkpoint = z.infer<typeof checkpointSchema>

const lossSchema = z.object({ step: z.number().int(), steps: z.number().int(), loss: z.number() })
const keptSchema = z.object({ kept: z.number(), written: z.number(), held_out: z.number() })
const stateSchema = z.object({
  state: z.string(),
  version: z.number().nullish(),
  error: z.object({ message: z.string() }).nullish(),
})
/** Progress by itself is no news. */
const toldTypes = ['state', 'self_edits', 'loss', 'cancel_requested']
const idPrefix = 'ftevent_'

/** Newest first. Throws `invalid_request` when `after` is no event's id. */
export async function listJobEvents(db: Db, job: JobBody, { limit, after }: PageQuery): Promise<Page<JobEvent>> {
  const rows = await db
    .select()
    .from(updateEvents)
    .where(
      and(
        inArray(updateEvents.updateId, job.update_ids),
        inArray(updateEvents.type, toldTypes),
        after === undefined ? undefined : lt(updateEvents.id, await getNumber(db, after)),
      ),
    )
    .orderBy(desc(updateEvents.id))
    .limit(limit + 1)
  const events = rows.map(({ id, updateId, type, data, createdAt }) => ({
    object: 'fine_tuning.job.event' as const,
    id: `${idPrefix}${id}`,
    created_at: unixSeconds(createdAt),
    ...tell(job.model, updateId, type, data),
  }))
  return toPage(events, limit)
}

/** Newest first: one for each update that was promoted. */
export async function listCheckpoints(db: Db, job: JobBody): Promise<Checkpoint[]> {
  const promoted = await db
    .select()
    .from(updates)
    .where(and(inArray(updates.id, job.update_ids), eq(updates.state, 'promoted')))
    .orderBy(desc(updates.sequence))
  const ids = promoted.map(({ id }) => id)
  const losses = await db
    .selectDistinctOn([updateEvents.updateId])
    .from(updateEvents)
    .where(and(inArray(updateEvents.updateId, ids), eq(updateEvents.type, 'loss')))
    .orderBy(updateEvents.updateId, desc(updateEvents.id))
  return promoted.map(({ id, version, finishedAt, createdAt }) => {
    const last = lossSchema.safeParse(losses.find(({ updateId }) => updateId === id)?.data).data
    const step = last?.step ?? 0
    return {
      object: 'fine_tuning.job.checkpoint',
      id: `ftckpt_${id.replace(/^upd_/, '')}`,
      created_at: unixSeconds(finishedAt ?? createdAt),
      fine_tuned_model_checkpoint: `${job.model}@v${version ?? 0}`,
      fine_tuning_job_id: job.id,
      step_number: step,
      metrics: { step, ...(last === undefined ? {} : { train_loss: last.loss }) },
    }
  })
}

type Told = Pick<JobEvent, 'level' | 'type' | 'message' | 'data'>

function tell(model: string, updateId: string, type: string, given: Record<string, unknown>): Told {
  const data = { update_id: updateId, ...given }
  const say = (message: string, level: Told['level'] = 'info'): Told => ({ level, type: 'message', message, data })
  const loss = lossSchema.safeParse(given).data
  if (type === 'loss' && loss !== undefined) {
    const figures = { step: loss.step, total_steps: loss.steps, train_loss: loss.loss }
    const message = `Step ${loss.step}/${loss.steps}: training loss=${loss.loss}`
    return { level: 'info', type: 'metrics', message, data: { update_id: updateId, ...figures } }
  }
  const kept = keptSchema.safeParse(given).data
  if (type === 'self_edits' && kept !== undefined)
    return say(`${kept.kept} of ${kept.written} self-edits are trained, ${kept.held_out} are held out to ask by`)
  const state = stateSchema.safeParse(given).data
  if (type !== 'state' || state === undefined) return say(`${updateId}: ${type.replaceAll('_', ' ')}`)
  const why = state.error?.message === undefined ? '' : `: ${state.error.message}`
  if (state.state === 'promoted') return say(`${model}@v${state.version ?? 0} was published`)
  const levels: Record<string, Told['level']> = { failed: 'error', rejected: 'warn', cancelled: 'warn' }
  return say(`${updateId} is ${state.state}${why}`, levels[state.state])
}

async function getNumber(db: Db, after: string): Promise<number> {
  const number = /^ftevent_(\d{1,15})$/.exec(after)?.[1]
  if (number === undefined) throw unknownCursor(after)
  return await getCursor(db, { id: updateEvents.id, column: updateEvents.id }, number)
}
