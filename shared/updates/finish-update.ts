// The ends of an update other than promotion (versions/promote.ts). A rejection keeps the candidate's evaluations, with
// no version, as evidence.
import { eq, sql } from 'drizzle-orm'
import { createAlert, type AlertInput } from '../alerts/create-alert.ts'
import type { Db } from '../database/database.ts'
import type { EvaluationInput } from '../evaluations/evaluation.ts'
import { saveEvaluations } from '../evaluations/save-evaluations.ts'
import { getModelById } from '../models/get-model.ts'
import { getPracticeOfUpdate } from '../practice/get-practice.ts'
import { storableText } from '../storable-text.ts'
import type { Verdict } from '../versions/verdict.ts'
import type { WantedEvent } from '../webhooks/webhook.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { withLease, type Lease } from './lease.ts'
import { writeEvent } from './update-events.ts'
import {
  toUpdate,
  type FinalState,
  type Forgotten,
  type Tally,
  type Update,
  type UpdateKind,
  type UpdateRow,
} from './update.ts'
import { updates } from './updates.table.ts'

export interface UpdateEnd {
  verdict?: Verdict
  learned?: Tally | null
  retained?: Tally | null
  forgotten?: Forgotten | null
  error?: { code: string; message: string }
  timingsMs?: Record<string, number>
  trainedTokens?: number
}

export interface FinishInput extends UpdateEnd {
  state: Exclude<FinalState, 'promoted'>
  /** The candidate's evaluations. */
  evaluations?: readonly EvaluationInput[]
  alert?: AlertInput | null
}

/** One transaction under the lease, which it ends. Throws `lease_lost`. */
export async function finishUpdate(db: Db, lease: Lease, input: FinishInput): Promise<Update> {
  return await withLease(db, lease, async (tx, update) => {
    await saveEvaluations(tx, { update, version: null, evaluations: input.evaluations ?? [] })
    if (input.alert) await createAlert(tx, update, input.alert, null)
    return await endUpdate(tx, update, input)
  })
}

/** Null: nobody is told. */
function eventOf(kind: UpdateKind, state: FinalState): WantedEvent | null {
  // The caller asked for it.
  if (state === 'cancelled') return null
  if (kind === 'practice') return `practice.${state}`
  // An evaluation by the clock is no news; what it finds has an event of its own.
  return kind === 'evaluate' && state !== 'failed' ? null : `update.${state}`
}

/** Inside a transaction that holds the update's row: the final state, its event, and the notice to the endpoints. */
export async function endUpdate(
  tx: Db,
  update: UpdateRow,
  end: UpdateEnd & { state: FinalState; version?: number },
): Promise<Update> {
  const [row] = await tx
    .update(updates)
    .set({
      state: end.state,
      phase: end.state,
      // A failed or cancelled update stays where it stopped.
      ...(end.state === 'promoted' || end.state === 'rejected' ? { fraction: 1 } : {}),
      version: end.version ?? null,
      verdict: end.verdict ?? null,
      learned: end.learned ?? null,
      retained: end.retained ?? null,
      forgotten: end.forgotten ?? null,
      error: end.error === undefined ? null : { code: end.error.code, message: storableText(end.error.message) },
      timingsMs: { ...update.timingsMs, ...end.timingsMs },
      trainedTokens: end.trainedTokens ?? 0,
      leaseToken: null,
      leaseExpiresAt: null,
      retryAt: null,
      finishedAt: sql`now()`,
    })
    .where(eq(updates.id, update.id))
    .returning()
  const model = await getModelById(tx, update.modelId)
  const body = toUpdate(row ?? update, model.name)
  await writeEvent(tx, update.id, 'state', {
    state: end.state,
    version: body.version,
    ...(body.error === null ? {} : { error: body.error }),
  })
  const event = eventOf(update.kind, end.state)
  if (event !== null)
    await writeOutbox(tx, event, update.kind === 'practice' ? await getPracticeOfUpdate(tx, update.id) : body)
  return body
}
