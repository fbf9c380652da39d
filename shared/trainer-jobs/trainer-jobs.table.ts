import { pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from '../database/columns.ts'
import { models } from '../models/models.table.ts'

/**
 * Which models have a trainer of their own on the way or at work, where trainers are started as jobs. A row is the
 * promise that its job looks at the model's queue once more before it ends (end-job.ts).
 */
export const trainerJobs = pgTable('trainer_jobs', {
  modelId: text('model_id')
    .primaryKey()
    .references(() => models.id, { onDelete: 'cascade' }),
  /** As the batch service names it; null while it is being asked for. */
  jobId: text('job_id'),
  requestedAt: moment('requested_at').notNull().defaultNow(),
})
