import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt } from '../database/columns.ts'
import { documents } from '../documents/documents.table.ts'
import { models } from '../models/models.table.ts'
import { probes } from '../probes/probes.table.ts'
import { updates } from '../updates/updates.table.ts'

/** One document's probes asked of one version (or of a candidate that never became one: version null). */
export const evaluations = pgTable(
  'evaluations',
  {
    id: text('id').primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    updateId: text('update_id')
      .notNull()
      .references(() => updates.id),
    version: integer('version'),
    documentId: text('document_id')
      .notNull()
      .references(() => documents.id),
    correct: integer('correct').notNull(),
    total: integer('total').notNull(),
    /** Mean log p(gold answer | question) over the probes, nats. */
    logprob: doublePrecision('logprob').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index('evaluations_by_version').on(table.modelId, table.version, table.documentId),
    index('evaluations_by_update').on(table.updateId),
    index('evaluations_by_document').on(table.documentId),
  ],
)

export const evaluationAnswers = pgTable(
  'evaluation_answers',
  {
    evaluationId: text('evaluation_id')
      .notNull()
      .references(() => evaluations.id),
    probeId: text('probe_id')
      .notNull()
      .references(() => probes.id),
    answer: text('answer').notNull(),
    correct: boolean('correct').notNull(),
    /** log p(gold answer | question), nats. */
    logprob: doublePrecision('logprob').notNull(),
    /** `words`, `words_judge_failed` or `judge:MODEL`. */
    gradedBy: text('graded_by').notNull().default('words'),
  },
  (table) => [
    primaryKey({ columns: [table.evaluationId, table.probeId] }),
    index('evaluation_answers_by_probe').on(table.probeId),
  ],
)
