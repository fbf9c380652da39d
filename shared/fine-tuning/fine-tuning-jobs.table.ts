import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { models } from '../models/models.table.ts'

/** A job is the updates of one training file; how it stands is how they stand. */
export const fineTuningJobs = pgTable(
  'fine_tuning_jobs',
  {
    id: text('id').primaryKey(),
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** Files may be deleted; what they held are documents since. */
    trainingFile: text('training_file').notNull(),
    validationFile: text('validation_file'),
    updateIds: text('update_ids').array().notNull(),
    metadata: jsonb('metadata').$type<Record<string, string>>(),
    createdAt: createdAt(),
  },
  (table) => [index('fine_tuning_jobs_by_sequence').on(table.modelId, table.sequence)],
)
