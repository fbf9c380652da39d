import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteDocument } from '../../../shared/documents/delete-document.ts'
import { getDocument, listDocuments } from '../../../shared/documents/get-document.ts'
import { getRetention } from '../../../shared/evaluations/retention.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { finishDeletion } from '../../../shared/updates/finish-deletion.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { claimNext, manifestOf, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

/** A document that version 1 holds. */
async function learn(name: string): Promise<string> {
  const { document } = await postDocument(loop.database, name)
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [document.id]: 2 })
  return document.id
}

test('many deletions of one document at once are one update, queued in the order of the model', async () => {
  const id = await learn('Mill')
  const later = await postDocument(loop.database, 'Bridge')
  const asked = await Promise.all(Array.from({ length: 8 }, () => deleteDocument(loop.database.query, id)))
  expect(new Set(asked.map((update) => update.id)).size).toBe(1)
  expect(asked[0]).toMatchObject({ kind: 'forget', state: 'queued', document_ids: [id] })
  expect((await claimNext(loop.database)).update.id).toBe(later.update.id)
})

test('an update that is still teaching the document is cancelled, at once or by its worker, and then it is forgotten', async () => {
  const { query } = loop.database
  const waiting = await postDocument(loop.database, 'Mill')
  await deleteDocument(query, waiting.document.id)
  expect(await getUpdate(query, waiting.update.id)).toMatchObject({ state: 'cancelled' })
  await finishDeletion(query, (await claimNext(loop.database)).lease, 0)

  const running = await postDocument(loop.database, 'Bridge')
  const claim = await claimNext(loop.database)
  const deletion = await deleteDocument(query, running.document.id)
  expect(await getUpdate(query, running.update.id)).toMatchObject({ state: 'studying', cancel_requested: true })
  await finishUpdate(query, claim.lease, { state: 'cancelled' })
  expect((await claimNext(loop.database)).update).toMatchObject({ id: deletion.id, kind: 'forget' })
})

test('a promoted deletion removes the document from the lists and from the retention figures; its text may come again', async () => {
  const { query } = loop.database
  const id = await learn('Mill')
  const stays = await postDocument(loop.database, 'Bridge')
  await promoteClaim(loop.database, await claimNext(loop.database), 1, { [id]: 2, [stays.document.id]: 2 })
  await deleteDocument(query, id)
  expect(await getDocument(query, id)).toMatchObject({ state: 'queued' })
  const forgotten = { before: 2, after: 0, total: 2, base: 0 }
  await promoteClaim(
    loop.database,
    await claimNext(loop.database),
    2,
    { [stays.document.id]: 2 },
    { manifest: manifestOf([stays.document.id]), baseEvaluations: [], learned: null, forgotten },
  )
  expect((await listDocuments(query, { limit: 10 })).data.map((document) => document.id)).toEqual([stays.document.id])
  await expect(getDocument(query, id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await getRetention(query, 'default')).toMatchObject({ head: 3, acc: 1, learned: 1, matrix: [{}, {}, {}, {}] })
  const again = await postDocument(loop.database, 'Mill')
  expect(again).toMatchObject({ created: true })
  expect(again.document.id).not.toBe(id)
})

test('while a document is being deleted its text is refused; after a cancelled deletion it is what it was', async () => {
  const { query } = loop.database
  const id = await learn('Mill')
  const deletion = await deleteDocument(query, id)
  await expect(postDocument(loop.database, 'Mill')).rejects.toMatchObject({ code: 'conflict', field: 'text' })
  await cancelUpdate(query, deletion.id)
  expect(await getDocument(query, id)).toMatchObject({ state: 'promoted' })
  expect(await postDocument(loop.database, 'Mill')).toMatchObject({ created: false, document: { id } })
})

test('a deletion that found nothing to take out is refused when a rollback has moved the head', async () => {
  const { query } = loop.database
  const id = await learn('Mill')
  await rollback(query, 'default', 0)
  await deleteDocument(query, id)
  const { lease } = await claimNext(loop.database)
  await rollback(query, 'default', 1)
  await expect(finishDeletion(query, lease, 0)).rejects.toMatchObject({ code: 'head_moved' })
  expect(await getDocument(query, id)).toMatchObject({ id })
})

test('what a rollback left behind is left alone when it is sent again, and learned anew once it was deleted', async () => {
  const { query } = loop.database
  const id = await learn('Mill')
  await rollback(query, 'default', 0)
  expect(await postDocument(loop.database, 'Mill')).toMatchObject({ created: false, document: { id } })
  await deleteDocument(query, id)
  await finishDeletion(query, (await claimNext(loop.database)).lease, 0)
  const again = await postDocument(loop.database, 'Mill')
  expect(again).toMatchObject({ created: true, document: { state: 'queued' } })
  expect(again.document.id).not.toBe(id)
})

test('a document that does not exist cannot be deleted', async () => {
  await expect(deleteDocument(loop.database.query, 'doc_none')).rejects.toMatchObject({ code: 'not_found' })
})
