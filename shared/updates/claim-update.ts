// The queue. An update is claimable when it waits, or when its worker's lease ran out, and no earlier update of its
// model is unfinished: that one rule gives the order and the single runner, and the unique index
// `updates_one_running_per_model` guards it once more. One that awaits its review is out of the queue, so that nobody's
// leisure holds up a model; approved, it comes in again at the end. All times are the database's.
import { and, asc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import type { Question } from '../documents/document.ts'
import { getModelById } from '../models/get-model.ts'
import type { Model } from '../models/model.ts'
import { AppError } from '../errors.ts'
import type { GivenSelfEdit, StudyMode } from '../self-edits/given-self-edit.ts'
import { endUpdate } from './finish-update.ts'
import { leaseEnd, type Lease } from './lease.ts'
import { writeEvent } from './update-events.ts'
import { RUNNING_STATES, type UpdateKind, type UpdateRow } from './update.ts'
import { updates } from './updates.table.ts'

export interface Claim {
  lease: Lease
  /** `review`: it was asked for and has not been given. */
  update: { id: string; kind: UpdateKind; review: boolean }
  model: Model
  /** What is to be learned, in the update's order. */
  documents: ClaimedDocument[]
  /** 1 the first time; more after a worker died or failed. */
  attempt: number
}

export interface ClaimedDocument {
  id: string
  title: string
  text: string
  sha256: string
  /** The caller's; empty when none were given. */
  questions: Question[]
  study: StudyMode
  /** The caller's; empty when none were given. */
  givenSelfEdits: GivenSelfEdit[]
}

/** A crash every time is the update's own doing (a document that exhausts memory): after five it is failed. */
export const attemptsMax = 5

export interface ClaimOptions {
  leaseSeconds: number
  /** Of this model alone; of any without it. */
  modelId?: string | undefined
}

/** The oldest claimable update, now leased to the caller; undefined when there is none. */
export async function claimUpdate(db: Db, options: ClaimOptions): Promise<Claim | undefined> {
  for (;;) {
    const outcome = await db.transaction(async (tx) => {
      const row = await lockClaimable(tx, options.modelId)
      if (row === undefined) return 'none'
      if (row.cancelRequestedAt !== null) {
        await endUpdate(tx, row, { state: 'cancelled' })
        return 'ended'
      }
      if (row.attempts >= attemptsMax) {
        await endUpdate(tx, row, { state: 'failed', error: row.error ?? workerDied })
        return 'ended'
      }
      return await lease(tx, row, options.leaseSeconds)
    })
    if (outcome === 'none') return undefined
    if (outcome !== 'ended') return outcome
  }
}

const workerDied = {
  code: 'internal',
  message: `the worker died in each of ${attemptsMax} attempts; its log tells where`,
}

/** Rows that another claimer holds are skipped; one that was claimed since the snapshot is checked again and skipped. */
async function lockClaimable(tx: Db, modelId: string | undefined): Promise<UpdateRow | undefined> {
  const earlier = alias(updates, 'earlier')
  const now = sql`clock_timestamp()`
  const waiting = and(eq(updates.state, 'queued'), sql`coalesce(${updates.retryAt} <= ${now}, true)`)
  const abandoned = and(inArray(updates.state, [...RUNNING_STATES]), sql`${updates.leaseExpiresAt} < ${now}`)
  const unfinishedEarlier = tx
    .select({ one: sql`1` })
    .from(earlier)
    .where(
      and(
        eq(earlier.modelId, updates.modelId),
        sql`${earlier.sequence} < ${updates.sequence}`,
        isNull(earlier.finishedAt),
        ne(earlier.state, 'awaiting_review'),
      ),
    )
  const [row] = await tx
    .select()
    .from(updates)
    .where(
      and(
        modelId === undefined ? undefined : eq(updates.modelId, modelId),
        isNull(updates.finishedAt),
        or(waiting, abandoned),
        sql`not exists ${unfinishedEarlier}`,
      ),
    )
    .orderBy(asc(updates.sequence))
    .limit(1)
    .for('update', { of: updates, skipLocked: true })
  return row
}

async function lease(tx: Db, row: UpdateRow, leaseSeconds: number): Promise<Claim> {
  const [claimed] = await tx
    .update(updates)
    .set({
      state: 'studying',
      phase: 'claimed',
      fraction: 0,
      attempts: sql`${updates.attempts} + 1`,
      leaseToken: sql`nextval('lease_tokens')`,
      leaseExpiresAt: leaseEnd(leaseSeconds),
      retryAt: null,
      startedAt: sql`coalesce(${updates.startedAt}, now())`,
    })
    .where(eq(updates.id, row.id))
    .returning({ token: updates.leaseToken, attempts: updates.attempts })
  if (claimed === undefined || claimed.token === null)
    throw new AppError('internal', `update ${row.id} was locked but could not be leased`)
  await writeEvent(tx, row.id, 'state', { state: 'studying', attempt: claimed.attempts })
  return {
    lease: { updateId: row.id, token: claimed.token },
    update: { id: row.id, kind: row.kind, review: row.review && row.approvedAt === null },
    model: await getModelById(tx, row.modelId),
    documents: await readDocuments(tx, row.documentIds),
    attempt: claimed.attempts,
  }
}

async function readDocuments(tx: Db, ids: string[]): Promise<ClaimedDocument[]> {
  const rows = await tx.select().from(documents).where(inArray(documents.id, ids))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (row === undefined) return []
    const { title, text, sha256, questions, study } = row
    return [
      {
        id,
        title,
        text,
        sha256,
        questions: questions ?? [],
        study: study?.mode ?? 'own',
        givenSelfEdits: study?.selfEdits ?? [],
      },
    ]
  })
}
