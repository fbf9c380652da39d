// A regression is made known with the promotion or rejection that it belongs to, in the same transaction.
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { listTitles } from '../documents/list-titles.ts'
import { getModelById } from '../models/get-model.ts'
import { storableText } from '../storable-text.ts'
import type { UpdateRow } from '../updates/update.ts'
import { toDocumentEvidence, toWatch, type RetentionRecord } from '../versions/retention-record.ts'
import { writeOutbox } from '../webhooks/outbox.ts'
import { toAlert, type Alert, type AlertEvidence } from './alert.ts'
import { alerts } from './alerts.table.ts'

export interface AlertInput {
  /** The name of the test, e.g. `clustered_sign_flip_one_sided`. */
  statistic: string
  pValue: number
  /** The probes whose verdict changed, question by question. */
  evidence: readonly AlertEvidence[]
  /** The update's verdict keeps these; they are shown from there. */
  retention?: RetentionRecord | null
}

const sentEvidenceMax = 50

/** `version` is what the update became, null when the candidate was rejected. */
export async function createAlert(
  tx: Db,
  update: UpdateRow,
  input: AlertInput,
  version: number | null,
): Promise<Alert> {
  const { statistic, pValue } = input
  const [row] = await tx
    .insert(alerts)
    .values({
      id: newId('alr'),
      modelId: update.modelId,
      updateId: update.id,
      version,
      statistic,
      pValue,
      evidence: input.evidence.map(storable),
      openDocumentIds: version === null ? [] : toWatch(input.retention ?? null),
    })
    .returning()
  if (row === undefined) throw new AppError('internal', 'the alert was not stored')
  const model = await getModelById(tx, update.modelId)
  const documents = toDocumentEvidence(input.retention ?? null)
  const alert = toAlert(row, {
    model: model.name,
    kind: update.kind,
    documentIds: update.documentIds,
    documents,
    titles: await listTitles(tx, [...update.documentIds, ...documents.map(({ document_id: id }) => id)]),
  })
  await writeOutbox(tx, 'retention.regressed', { ...alert, evidence: worst(alert.evidence) })
  return alert
}

/** In a message of tens of kilobytes, as receivers expect it: those whose answer's log-likelihood fell most. */
function worst(evidence: AlertEvidence[]): AlertEvidence[] {
  const fall = ({ before, after }: AlertEvidence): number => before.logprob - after.logprob
  return evidence.toSorted((a, b) => fall(b) - fall(a)).slice(0, sentEvidenceMax)
}

/** A model's answer may hold what the database refuses; that must not keep the update from being decided. */
function storable(evidence: AlertEvidence): AlertEvidence {
  const { before, after } = evidence
  return {
    ...evidence,
    before: { ...before, answer: storableText(before.answer) },
    after: { ...after, answer: storableText(after.answer) },
  }
}
