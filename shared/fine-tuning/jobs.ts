// Fine-tuning jobs: made of a training file, read, cancelled. The documents, their updates and the job are one
// transaction.
import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { createDocument, type CreateDocumentInput, type CreatedDocument } from '../documents/create-document.ts'
import { AppError, errorCode } from '../errors.ts'
import { getFile, readFileContent } from '../files/files.ts'
import { newId } from '../ids.ts'
import { everything, ofCaller, type Sight } from '../keys/of-caller.ts'
import { getModel } from '../models/get-model.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import { cancelUpdate } from '../updates/cancel-update.ts'
import { isFinal } from '../updates/update.ts'
import { updates } from '../updates/updates.table.ts'
import { fineTuningJobs } from './fine-tuning-jobs.table.ts'
import { toJobBody, type JobBody, type JobRow } from './job.ts'
import { planDocuments, type NamedFile } from './plan-documents.ts'
import { parseTrainingFile } from './training-file.ts'

export interface CreateJobInput {
  /** The model's name. */
  model: string
  trainingFile: string
  validationFile: string | null
  metadata: Record<string, string> | null
}

/**
 * A document that the model knows already is not trained again: its last update is the job's. Throws `not_found` for the
 * model, `invalid_request` for the files, and what createDocument throws.
 */
export async function createJob(db: Db, store: ObjectStore, input: CreateJobInput): Promise<JobBody> {
  const { id: modelId } = await getModel(db, input.model)
  const training = await readTrainingFile(db, store, input.trainingFile, 'training_file')
  const validation =
    input.validationFile === null
      ? undefined
      : await readTrainingFile(db, store, input.validationFile, 'validation_file')
  const planned = planDocuments(input.model, training, validation)
  const id = newId('ftj')
  await db.transaction(async (tx) => {
    const created: CreatedDocument[] = []
    for (const [index, document] of planned.entries()) created.push(await createPart(tx, document, index))
    const { trainingFile, validationFile, metadata } = input
    const updateIds = [...new Set(created.map(({ update }) => update.id))]
    await tx.insert(fineTuningJobs).values({ id, modelId, trainingFile, validationFile, updateIds, metadata })
  })
  return await getJob(db, id)
}

/** All parts or none: the transaction is the job's. */
async function createPart(tx: Db, document: CreateDocumentInput, index: number): Promise<CreatedDocument> {
  try {
    return await createDocument(tx, document)
  } catch (error) {
    if (!(error instanceof AppError) || error.field === undefined || error.field === 'model') throw error
    throw new AppError(error.code, error.message, { field: `training_file.${index}.${error.field}`, cause: error })
  }
}

/** Throws `not_found`. */
export async function getJob(db: Db, id: string): Promise<JobBody> {
  const [job] = await toBodies(db, await selectJobs(db).where(eq(fineTuningJobs.id, id)))
  if (job === undefined) throw new AppError('not_found', `there is no fine-tuning job ${id}`)
  return job
}

/** Newest first, those that `by` sees. Throws `invalid_request` when `after` names no job. */
export async function listJobs(db: Db, { limit, after }: PageQuery, by: Sight = everything): Promise<Page<JobBody>> {
  const before =
    after === undefined
      ? undefined
      : lt(
          fineTuningJobs.sequence,
          await getCursor(db, { id: fineTuningJobs.id, column: fineTuningJobs.sequence }, after),
        )
  const found = await selectJobs(db)
    .where(and(ofCaller(fineTuningJobs.modelId, by), before))
    .orderBy(desc(fineTuningJobs.sequence))
    .limit(limit + 1)
  return toPage(await toBodies(db, found), limit)
}

/** What was promoted stays. Cancelling twice is the same as once. Throws `not_found`, and `conflict` once it has ended otherwise. */
export async function cancelJob(db: Db, id: string): Promise<JobBody> {
  const job = await getJob(db, id)
  if (job.status === 'cancelled') return job
  if (job.status === 'succeeded' || job.status === 'failed')
    throw new AppError('conflict', `fine-tuning job ${id} has ${job.status}: there is nothing to cancel`)
  const rows = await db
    .select({ id: updates.id, state: updates.state })
    .from(updates)
    .where(inArray(updates.id, job.update_ids))
  for (const update of rows.filter(({ state }) => !isFinal(state))) {
    try {
      await cancelUpdate(db, update.id)
    } catch (error) {
      // It ended meanwhile; the others are cancelled all the same.
      if (errorCode(error) !== 'conflict') throw error
    }
  }
  return await getJob(db, id)
}

function selectJobs(db: Db) {
  return db
    .select({ row: fineTuningJobs, model: models.name })
    .from(fineTuningJobs)
    .innerJoin(models, eq(models.id, fineTuningJobs.modelId))
}

async function toBodies(db: Db, found: readonly { row: JobRow; model: string }[]): Promise<JobBody[]> {
  const ids = found.flatMap(({ row }) => row.updateIds)
  const rows = ids.length === 0 ? [] : await db.select().from(updates).where(inArray(updates.id, ids))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return found.map(({ row, model }) =>
    toJobBody(
      row,
      model,
      row.updateIds.flatMap((id) => byId.get(id) ?? []),
    ),
  )
}

async function readTrainingFile(db: Db, store: ObjectStore, id: string, field: string): Promise<NamedFile> {
  try {
    const { filename } = await getFile(db, id)
    return { filename, ...parseTrainingFile(await readFileContent(db, store, id)) }
  } catch (error) {
    if (!(error instanceof AppError) || errorCode(error) !== 'not_found') throw error
    throw new AppError('invalid_request', `there is no file ${id}: POST it to /v1/files first`, { field, cause: error })
  }
}
