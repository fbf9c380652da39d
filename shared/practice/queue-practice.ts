// Asks a model to practise: which documents it practises on, which are held out to examine it, and a place in the queue.
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { lockModelNamed } from '../models/lock-model.ts'
import { queueUpdate } from '../updates/queue-update.ts'
import { updates } from '../updates/updates.table.ts'
import { getPractice } from './get-practice.ts'
import type { Practice, PracticeInput } from './practice.ts'
import { practices } from './practices.table.ts'

/**
 * Documents that are not named: of those with questions every second is held out. Throws `not_found`, `invalid_request` for
 * a document without questions or on both sides, and `conflict` when the model practises already or has too few.
 */
export async function queuePractice(db: Db, name: string, input: PracticeInput): Promise<Practice> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, name)
    const { documents: named, held_out_documents: heldOutNamed, top_p: topP, ...settings } = input
    const known = await listWithQuestions(tx, model.id)
    requireKnown(known, named, 'documents')
    requireKnown(known, heldOutNamed, 'held_out_documents')
    const free = known.filter((id) => !(named ?? []).includes(id) && !(heldOutNamed ?? []).includes(id))
    // Where only one side is named, the other is everything else.
    const documentIds = named ?? free.filter((_, at) => heldOutNamed !== undefined || at % 2 === 0)
    const heldOutIds = heldOutNamed ?? free.filter((_, at) => named !== undefined || at % 2 === 1)
    if (documentIds.some((id) => heldOutIds.includes(id)))
      throw new AppError('invalid_request', 'held_out_documents: a document cannot be practised on and held out', {
        field: 'held_out_documents',
      })
    if (documentIds.length === 0 || heldOutIds.length === 0)
      throw new AppError(
        'conflict',
        `${name} has ${known.length} documents with questions; it takes at least one to practise on and one to hold out`,
      )
    const [waiting] = await tx
      .select({ id: updates.id })
      .from(updates)
      .where(and(eq(updates.modelId, model.id), eq(updates.kind, 'practice'), isNull(updates.finishedAt)))
    if (waiting !== undefined) throw new AppError('conflict', `${name} practises already (update ${waiting.id})`)
    // A document's state is that of the last update that names it; a practice leaves it as it is.
    const update = await queueUpdate(tx, { modelId: model.id, kind: 'practice', documentIds: [], review: false })
    const id = newId('prc')
    await tx
      .insert(practices)
      .values({ id, modelId: model.id, updateId: update.id, documentIds, heldOutIds, settings: { ...settings, topP } })
    return await getPractice(tx, id)
  })
}

/** Ids, the oldest first. */
async function listWithQuestions(tx: Db, modelId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.modelId, modelId),
        isNull(documents.deletedAt),
        isNotNull(documents.questions),
        sql`jsonb_array_length(${documents.questions}) > 0`,
      ),
    )
    .orderBy(asc(documents.sequence))
  return rows.map(({ id }) => id)
}

function requireKnown(known: readonly string[], named: readonly string[] | undefined, field: string): void {
  const unknown = named?.find((id) => !known.includes(id))
  if (unknown !== undefined)
    throw new AppError('invalid_request', `${field}: the model has no document ${unknown} with questions`, { field })
}
