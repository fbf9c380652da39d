import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../database/columns.ts'
import { models } from '../models/models.table.ts'
import type { Verdict } from '../versions/verdict.ts'
import type { Forgotten, Tally, UpdateKind, UpdateState } from './update.ts'

export const updates = pgTable(
  'updates',
  {
    id: text('id').primaryKey(),
    /** Order of arrival, or of approval after a review; updates of a model apply in it. */
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    kind: text('kind').$type<UpdateKind>().notNull(),
    documentIds: text('document_ids').array().notNull(),
    review: boolean('review').notNull().default(false),
    state: text('state').$type<UpdateState>().notNull().default('queued'),
    phase: text('phase').notNull().default('queued'),
    /** Of the whole update, 0 to 1. */
    fraction: doublePrecision('fraction').notNull().default(0),
    version: integer('version'),
    verdict: jsonb('verdict').$type<Verdict>(),
    learned: jsonb('learned').$type<Tally>(),
    retained: jsonb('retained').$type<Tally>(),
    forgotten: jsonb('forgotten').$type<Forgotten>(),
    timingsMs: jsonb('timings_ms').$type<Record<string, number>>().notNull().default({}),
    /** Written in study, over all attempts. */
    generatedTokens: integer('generated_tokens').notNull().default(0),
    trainedTokens: integer('trained_tokens').notNull().default(0),
    /** The budget: tokens that training may run, over all epochs; null where there is none. */
    trainedTokensMax: integer('trained_tokens_max'),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    attempts: integer('attempts').notNull().default(0),
    cancelRequestedAt: moment('cancel_requested_at'),
    /** Of an update under review: when its self-edits were approved. */
    approvedAt: moment('approved_at'),
    /** From the sequence `lease_tokens`; every write of a worker carries it, a stale one matches no row. */
    leaseToken: bigint('lease_token', { mode: 'number' }),
    leaseExpiresAt: moment('lease_expires_at'),
    /** After an error worth another try the update waits until then; null otherwise. */
    retryAt: moment('retry_at'),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    /** Null exactly until the state is final. */
    finishedAt: moment('finished_at'),
  },
  (table) => [
    uniqueIndex('updates_one_running_per_model')
      .on(table.modelId)
      .where(sql`${table.state} in ('studying', 'training', 'evaluating')`),
    index('updates_by_sequence').on(table.modelId, table.sequence),
    // Lists over all models, newest first.
    index('updates_newest').on(table.sequence),
    // What the queue looks at, however many updates have ended.
    index('updates_unfinished')
      .on(table.modelId, table.sequence)
      .where(sql`${table.finishedAt} is null`),
    index('updates_by_document').using('gin', table.documentIds),
  ],
)
