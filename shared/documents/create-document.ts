// Takes a document: its row, its probes and the queued update stand in one transaction, so that nothing is stored half.
// The same text for the same model is the same document, however often and however concurrently it is sent.
import { createHash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { lockModelNamed } from '../models/lock-model.ts'
import type { Model } from '../models/model.ts'
import { replaceProbes } from '../probes/save-probes.ts'
import { parseGivenStudy } from '../self-edits/given-self-edit.ts'
import type { GivenSelfEdit, GivenStudy, StudyMode } from '../self-edits/given-self-edit.ts'
import { queueUpdate } from '../updates/queue-update.ts'
import { toUpdate, type Update, type UpdateState } from '../updates/update.ts'
import { toDocument, type Document, type DocumentRow, type Question } from './document.ts'
import { documents } from './documents.table.ts'
import { findLatestUpdate } from './get-document.ts'
import { refuseUnreadable, validateText, validateTitle } from './validate-text.ts'

export interface CreateDocumentInput {
  /** The model's name. */
  model: string
  title: string
  text: string
  questions?: readonly Question[] | undefined
  /** Named as on the wire, as the whole input is. */
  self_edits?: readonly GivenSelfEdit[] | undefined
  study?: StudyMode | undefined
  review?: boolean | undefined
}

export interface CreatedDocument {
  document: Document
  /** The document's latest update. */
  update: Update
  /** False when the document was there and its update is under way or done. */
  created: boolean
}

/** In these a document sent again is tried again, by a new update. */
const retriedStates: readonly UpdateState[] = ['failed', 'rejected', 'cancelled']
const questionBytesMax = 4_000

/**
 * Throws `invalid_request`, `payload_too_large` (both with `field`), `not_found` for the model, or `conflict` while the same
 * text is being deleted.
 */
export async function createDocument(db: Db, input: CreateDocumentInput): Promise<CreatedDocument> {
  validateTitle(input.title)
  validateText(input.text)
  validateQuestions(input.questions ?? [])
  const study = parseGivenStudy(input.study, input.self_edits)
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, input.model)
    const sha256 = createHash('sha256').update(input.text, 'utf8').digest('hex')
    const [known] = await tx
      .select()
      .from(documents)
      .where(and(eq(documents.modelId, model.id), eq(documents.sha256, sha256), isNull(documents.deletedAt)))
    return known === undefined
      ? await insertDocument(tx, model, { ...input, sha256, study })
      : await repeatDocument(tx, model, { ...input, study }, known)
  })
}

type CheckedInput = Omit<CreateDocumentInput, 'study' | 'self_edits'> & { study: GivenStudy | null | undefined }

async function insertDocument(
  tx: Db,
  model: Model,
  input: CheckedInput & { sha256: string },
): Promise<CreatedDocument> {
  const questions = input.questions ?? []
  const [row] = await tx
    .insert(documents)
    .values({
      id: newId('doc'),
      modelId: model.id,
      title: input.title,
      text: input.text,
      sha256: input.sha256,
      study: input.study ?? null,
      questions: questions.length === 0 ? null : [...questions],
    })
    .returning()
  if (row === undefined) throw new AppError('internal', 'the document was not stored')
  await replaceProbes(tx, row.id, 'caller', questions)
  return await queueDocument(tx, model, row, input.review ?? false)
}

/**
 * New questions and self-edits of a caller count only where the document is tried again: those of a version must stay
 * as they are. Sent again without a word about either, it is tried with those it has.
 */
async function repeatDocument(tx: Db, model: Model, input: CheckedInput, row: DocumentRow): Promise<CreatedDocument> {
  const latest = await findLatestUpdate(tx, row.id)
  if (latest?.kind === 'forget')
    throw new AppError(
      'conflict',
      `document ${row.id} holds this text and is being deleted by update ${latest.id}: cancel that, or send it again after`,
      { field: 'text' },
    )
  if (latest !== undefined && !retriedStates.includes(latest.state)) {
    const context = { model: model.name, latestUpdate: latest }
    return { document: toDocument(row, context), update: toUpdate(latest, model.name), created: false }
  }
  const questions = input.questions ?? []
  if (questions.length > 0) {
    await tx
      .update(documents)
      .set({ questions: [...questions] })
      .where(eq(documents.id, row.id))
    await replaceProbes(tx, row.id, 'caller', questions)
  }
  if (input.study !== undefined) await tx.update(documents).set({ study: input.study }).where(eq(documents.id, row.id))
  return await queueDocument(tx, model, row, input.review ?? false)
}

async function queueDocument(tx: Db, model: Model, row: DocumentRow, review: boolean): Promise<CreatedDocument> {
  const update = await queueUpdate(tx, { modelId: model.id, kind: 'incorporate', documentIds: [row.id], review })
  const document = toDocument(row, { model: model.name, latestUpdate: update })
  return { document, update: toUpdate(update, model.name), created: true }
}

function validateQuestions(questions: readonly Question[]): void {
  for (const [index, pair] of questions.entries()) {
    for (const key of ['question', 'answer'] as const) {
      const field = `questions.${index}.${key}`
      refuseUnreadable(pair[key], field)
      if (pair[key].trim() === '') throw new AppError('invalid_request', `${field} is blank`, { field })
      if (Buffer.byteLength(pair[key], 'utf8') > questionBytesMax) {
        throw new AppError('invalid_request', `${field} is over ${questionBytesMax} bytes: shorten it`, { field })
      }
    }
  }
}
