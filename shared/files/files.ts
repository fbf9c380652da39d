// The life of a file: kept, listed, read, deleted. The object is written before the row and goes after it, so that a row
// always has its bytes; what a crash leaves between the two is an object that nothing names.
import { createHash } from 'node:crypto'
import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { everything, withinModels, type Sight } from '../keys/of-caller.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import { fileKey, toFileBody, type FileBody, type FileRow } from './file.ts'
import { files } from './files.table.ts'

/** Belongs to the models that `by` is bound to. Throws `store_failed`. */
export async function createFile(
  db: Db,
  store: ObjectStore,
  { filename, content }: { filename: string; content: Uint8Array },
  by: Sight = everything,
): Promise<FileBody> {
  const id = newId('fil')
  await store.put(fileKey({ id }), content)
  const modelIds = by.models === null ? null : [...by.models.ids]
  const values = { id, filename, bytes: content.byteLength, sha256: hashOf(content), modelIds }
  const [row] = await db.insert(files).values(values).returning()
  if (row === undefined) throw new AppError('internal', 'the file was not stored')
  return toFileBody(row)
}

/** Throws `not_found`. */
export async function getFile(db: Db, id: string): Promise<FileRow> {
  const [row] = await db.select().from(files).where(eq(files.id, id))
  if (row === undefined) throw new AppError('not_found', `there is no file ${id}`)
  return row
}

/** Those that `by` sees. Throws `invalid_request` when `after` names no file. */
export async function listFiles(
  db: Db,
  { limit, after, order }: PageQuery & { order: 'asc' | 'desc' },
  by: Sight = everything,
): Promise<Page<FileBody>> {
  const from = after === undefined ? undefined : await getCursor(db, { id: files.id, column: files.sequence }, after)
  const beyond = order === 'asc' ? gt : lt
  const rows = await db
    .select()
    .from(files)
    .where(and(withinModels(files.modelIds, by), from === undefined ? undefined : beyond(files.sequence, from)))
    .orderBy(order === 'asc' ? asc(files.sequence) : desc(files.sequence))
    .limit(limit + 1)
  return toPage(rows.map(toFileBody), limit)
}

/** Throws `not_found` for the file, `store_failed` where its bytes are not those that came. */
export async function readFileContent(db: Db, store: ObjectStore, id: string): Promise<Uint8Array> {
  const row = await getFile(db, id)
  const bytes = await store.get(fileKey(row))
  if (hashOf(bytes) === row.sha256) return bytes
  throw new AppError('store_failed', `The file ${id} is damaged: its bytes are not those that were sent.`)
}

/** What jobs made of it stays. Throws `not_found`. */
export async function deleteFile(db: Db, store: ObjectStore, id: string): Promise<void> {
  const [row] = await db.delete(files).where(eq(files.id, id)).returning()
  if (row === undefined) throw new AppError('not_found', `there is no file ${id}`)
  await store.delete(fileKey(row))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
