import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { writeEvent } from './update-events.ts'
import type { UpdateKind, UpdateRow } from './update.ts'
import { updates } from './updates.table.ts'

export interface QueueUpdateInput {
  modelId: string
  kind: UpdateKind
  documentIds: string[]
  review: boolean
}

/** Call it with the model locked (models/lock-model.ts): that keeps the order of a model's updates. */
export async function queueUpdate(tx: Db, input: QueueUpdateInput): Promise<UpdateRow> {
  const [row] = await tx
    .insert(updates)
    .values({ id: newId('upd'), ...input })
    .returning()
  if (row === undefined) throw new AppError('internal', 'the update was not stored')
  await writeEvent(tx, row.id, 'state', { state: 'queued' })
  return row
}
