// The life of an upload: announced, put by its sender, taken once. An object that is never taken is left to the bucket's
// own rule for `uploads/`.
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { getModel } from '../models/get-model.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import {
  toUploadBody,
  uploadKey,
  uploadSeconds,
  type UploadBody,
  type uploadInputSchema,
  type UploadRow,
} from './upload.ts'
import { uploads } from './uploads.table.ts'

/** Throws `not_found` for the model, `conflict` where the store cannot be written to from outside. */
export async function createUpload(
  db: Db,
  store: ObjectStore,
  { filename, bytes, media_type: mediaType, model }: z.infer<typeof uploadInputSchema>,
): Promise<UploadBody> {
  const { id: modelId } = await getModel(db, model)
  if (store.presignPut === undefined)
    throw new AppError(
      'conflict',
      'This service keeps its files in a folder, where nobody can put one from outside: send it to ' +
        'POST /v1/documents/upload, which takes up to 16 MB. With S3_BUCKET set there are uploads.',
    )
  const id = newId('upl')
  const signed = await store.presignPut(uploadKey(id), { bytes, seconds: uploadSeconds })
  const [row] = await db.insert(uploads).values({ id, modelId, filename, mediaType, bytes }).returning()
  if (row === undefined) throw new AppError('internal', 'the upload was not stored')
  return toUploadBody(row, model, signed)
}

/** One that can be taken. Throws `not_found`, and `conflict` when it was taken. */
export async function getUpload(db: Db, id: string): Promise<UploadRow> {
  const [row] = await db.select().from(uploads).where(eq(uploads.id, id))
  if (row === undefined) throw new AppError('not_found', `there is no upload ${id}`)
  if (row.completedAt !== null) throw new AppError('conflict', `the upload ${id} was taken already`)
  return row
}

/** The bytes as they were announced. Throws `conflict` while they are not there, `invalid_request` when they are others. */
export async function readUpload(store: ObjectStore, { id, bytes, filename }: UploadRow): Promise<Uint8Array> {
  const key = uploadKey(id)
  if (!(await store.has(key)))
    throw new AppError('conflict', `${filename} is not there yet: PUT it to the address of the upload first`)
  const content = await store.get(key)
  if (content.byteLength === bytes) return content
  throw new AppError('invalid_request', `${filename} has ${content.byteLength} bytes, ${bytes} were announced`)
}

/** In the transaction that takes its documents. Throws `conflict` when another was faster. */
export async function completeUpload(tx: Db, id: string): Promise<void> {
  const [row] = await tx
    .update(uploads)
    .set({ completedAt: sql`now()` })
    .where(and(eq(uploads.id, id), isNull(uploads.completedAt)))
    .returning({ id: uploads.id })
  if (row === undefined) throw new AppError('conflict', `the upload ${id} was taken already`)
}
