// A fine-tuning job as OpenAI's clients know it, over the updates that it is: nothing of its state is stored.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import { isFinal, type UpdateRow } from '../updates/update.ts'
import type { fineTuningJobs } from './fine-tuning-jobs.table.ts'

const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

export const jobSchema = z.object({
  object: z.literal('fine_tuning.job'),
  id: z.string(),
  created_at: z.number().int(),
  finished_at: z.number().int().nullable(),
  /** The model's name; its updates apply to it in their order. */
  model: z.string(),
  /** `name@vN` of the last version it made, once all of it was promoted. */
  fine_tuned_model: z.string().nullable(),
  status: z.enum(JOB_STATUSES),
  error: z.object({ code: z.string(), message: z.string(), param: z.string().nullable() }).nullable(),
  trained_tokens: z.number().int().nullable(),
  training_file: z.string(),
  validation_file: z.string().nullable(),
  result_files: z.array(z.string()),
  organization_id: z.string(),
  hyperparameters: z.object({
    n_epochs: z.literal('auto'),
    batch_size: z.literal('auto'),
    learning_rate_multiplier: z.literal('auto'),
  }),
  seed: z.number().int(),
  estimated_finish: z.null(),
  integrations: z.array(z.string()),
  metadata: z.record(z.string(), z.string()).nullable(),
  method: z.object({ type: z.literal('supervised') }),
  update_ids: z.array(z.string()),
})
export type JobBody = z.infer<typeof jobSchema>

export type JobRow = typeof fineTuningJobs.$inferSelect
type JobUpdate = Pick<
  UpdateRow,
  'id' | 'state' | 'version' | 'error' | 'verdict' | 'trainedTokens' | 'startedAt' | 'finishedAt' | 'cancelRequestedAt'
>

/** One that shall be cancelled can no longer be promoted, so it counts as cancelled. */
function isCancelled({ state, cancelRequestedAt }: JobUpdate): boolean {
  return state === 'cancelled' || (cancelRequestedAt !== null && !isFinal(state))
}

function statusOf(updates: readonly JobUpdate[]): JobStatus {
  if (updates.some((update) => !isFinal(update.state) && !isCancelled(update)))
    return updates.some(({ startedAt }) => startedAt !== null) ? 'running' : 'queued'
  if (updates.some(isCancelled)) return 'cancelled'
  return updates.every(({ state }) => state === 'promoted') ? 'succeeded' : 'failed'
}

/** `updates` are the job's, in any order; `model` is the model's name. */
export function toJobBody(row: JobRow, model: string, updates: readonly JobUpdate[]): JobBody {
  const status = statusOf(updates)
  const ended = status !== 'queued' && status !== 'running'
  const versions = updates.flatMap(({ version }) => version ?? [])
  const finished = updates.flatMap(({ finishedAt }) => finishedAt?.getTime() ?? [])
  return {
    object: 'fine_tuning.job',
    id: row.id,
    created_at: unixSeconds(row.createdAt),
    finished_at: ended && finished.length > 0 ? unixSeconds(new Date(Math.max(...finished))) : null,
    model,
    fine_tuned_model: status === 'succeeded' ? `${model}@v${Math.max(...versions)}` : null,
    status,
    error: status === 'failed' ? errorOf(updates) : null,
    trained_tokens: ended ? updates.reduce((sum, { trainedTokens }) => sum + trainedTokens, 0) : null,
    training_file: row.trainingFile,
    validation_file: row.validationFile,
    result_files: [],
    organization_id: 'palimpsest',
    hyperparameters: { n_epochs: 'auto', batch_size: 'auto', learning_rate_multiplier: 'auto' },
    seed: 0,
    estimated_finish: null,
    integrations: [],
    metadata: row.metadata,
    method: { type: 'supervised' },
    update_ids: row.updateIds,
  }
}

/** The first that was not promoted, and how many there are. */
function errorOf(updates: readonly JobUpdate[]): JobBody['error'] {
  const lost = updates.filter(({ state }) => state !== 'promoted')
  const [first] = lost
  if (first === undefined) return null
  const why = first.error?.message ?? first.verdict?.reason ?? 'for no reason that was kept'
  return {
    code: first.error?.code ?? `update_${first.state}`,
    message: `${lost.length} of ${updates.length} updates were not promoted; ${first.id} was ${first.state}: ${why}`,
    param: null,
  }
}
