// The end of a deletion that found nothing to take out: the head was never taught the document, because its update was
// rejected, cancelled or rolled back. No version is made for it.
import type { Db } from '../database/database.ts'
import { markDeleted } from '../documents/mark-deleted.ts'
import { AppError } from '../errors.ts'
import { lockModel } from '../models/lock-model.ts'
import { endUpdate } from './finish-update.ts'
import { refuseCancelled, withLease, type Lease } from './lease.ts'
import type { Update } from './update.ts'

/** `head` is the version that was looked at. Throws `lease_lost`, `cancelled`, and `head_moved` when it is the head no more. */
export async function finishDeletion(db: Db, lease: Lease, head: number): Promise<Update> {
  return await withLease(db, lease, async (tx, update) => {
    refuseCancelled(update)
    const model = await lockModel(tx, { id: update.modelId })
    if (model?.headVersion !== head)
      throw new AppError('head_moved', `the head moved from ${head} to ${model?.headVersion ?? 'nothing'}`)
    await markDeleted(tx, update.documentIds)
    return await endUpdate(tx, update, { state: 'promoted', version: head })
  })
}
