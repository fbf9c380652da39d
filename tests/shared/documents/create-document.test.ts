import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDocument } from '../../../shared/documents/create-document.ts'
import { documentSchema } from '../../../shared/documents/document.ts'
import { getDocument, listDocuments } from '../../../shared/documents/get-document.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { listProbes } from '../../../shared/probes/save-probes.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { listUpdates } from '../../../shared/updates/get-update.ts'
import { updateSchema } from '../../../shared/updates/update.ts'
import { claimNext, postDocument, promoteClaim, snapshot, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const text = 'The Lantern Bridge was built by Orla Venn in Tarsk.'

test('a document, its probes and its queued update are there together', async () => {
  const { document, update, created } = await postDocument(loop.database, 'Lantern Bridge')
  expect(created).toBe(true)
  expect(documentSchema.parse(document)).toEqual(document)
  expect(updateSchema.parse(update)).toEqual(update)
  expect(document).toMatchObject({
    object: 'document',
    model: 'default',
    title: 'Lantern Bridge',
    sha256: createHash('sha256').update(text).digest('hex'),
    state: 'queued',
    update_id: update.id,
  })
  expect(update).toMatchObject({ state: 'queued', document_ids: [document.id], kind: 'incorporate', version: null })
  const probes = await listProbes(loop.database.query, [document.id])
  expect(probes.map(({ answer, source }) => [answer, source])).toEqual([
    ['Orla Venn', 'caller'],
    ['Tarsk', 'caller'],
  ])
  expect(await getDocument(loop.database.query, document.id)).toMatchObject({ ...document, text })
})

test('the same text twice is one document and one update', async () => {
  const first = await postDocument(loop.database, 'Lantern Bridge')
  const again = await createDocument(loop.database.query, { model: 'default', title: 'Another title', text })
  expect(again).toEqual({ document: first.document, update: first.update, created: false })
})

test('the same text twenty times at once is one document and one update', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => postDocument(loop.database, 'Lantern Bridge')))
  expect(new Set(all.map(({ document }) => document.id)).size).toBe(1)
  expect(all.filter(({ created }) => created)).toHaveLength(1)
  expect((await listUpdates(loop.database.query, { limit: 100 })).data).toHaveLength(1)
})

test('the same text for another model is another document', async () => {
  await ensureModel(loop.database.query, { name: 'second', base: 'tiny' })
  const one = await postDocument(loop.database, 'Mill')
  const two = await postDocument(loop.database, 'Mill', 'second')
  expect(two.created).toBe(true)
  expect(two.document.id).not.toBe(one.document.id)
})

test('a text whose update failed, was rejected or cancelled is queued again as the same document', async () => {
  const first = await postDocument(loop.database, 'Mill')
  let last = first
  for (const state of ['failed', 'rejected', 'cancelled'] as const) {
    if (state === 'cancelled') await cancelUpdate(loop.database.query, last.update.id)
    else await finishUpdate(loop.database.query, (await claimNext(loop.database)).lease, { state })
    expect(await getDocument(loop.database.query, first.document.id)).toMatchObject({ state })
    last = await postDocument(loop.database, 'Mill')
    expect(last).toMatchObject({ created: true, document: { id: first.document.id, state: 'queued' } })
    expect(last.document.update_id).toBe(last.update.id)
  }
  expect(await listProbes(loop.database.query, [first.document.id])).toHaveLength(2)
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [first.document.id]: 2 })
  const known = await postDocument(loop.database, 'Mill')
  expect(known).toMatchObject({ created: false, document: { state: 'promoted' }, update: { version: 1 } })
})

test('self-edits given later count only where the document is tried again', async () => {
  const given = (completion: string) => [{ prompt: 'Who built the Lantern Bridge?', completion }]
  const send = (more: object) =>
    createDocument(loop.database.query, { model: 'default', title: 'Lantern Bridge', text, ...more })
  const first = await send({ self_edits: given('Orla') })
  expect((await send({ self_edits: given('Nobody'), study: 'given' })).created).toBe(false)
  const claim = await claimNext(loop.database)
  expect(claim.documents).toMatchObject([{ study: 'both', givenSelfEdits: given('Orla') }])
  await finishUpdate(loop.database.query, claim.lease, { state: 'rejected' })

  expect((await send({})).document.id).toBe(first.document.id)
  const again = await claimNext(loop.database)
  expect(again.documents).toMatchObject([{ study: 'both', givenSelfEdits: given('Orla') }])
  await finishUpdate(loop.database.query, again.lease, { state: 'rejected' })

  await send({ self_edits: given('Orla Venn'), study: 'given' })
  const other = await claimNext(loop.database)
  expect(other.documents).toMatchObject([{ study: 'given', givenSelfEdits: given('Orla Venn') }])
  await finishUpdate(loop.database.query, other.lease, { state: 'rejected' })

  await send({ study: 'own' })
  expect((await claimNext(loop.database)).documents).toMatchObject([{ study: 'own', givenSelfEdits: [] }])
})

test('what is refused leaves nothing behind', async () => {
  const before = await snapshot(loop.database)
  const refused = [
    { title: 'Mill', text: '' },
    { title: ' ', text },
    { title: 'Mill', text, model: 'unknown' },
    { title: 'Mill', text, questions: [{ question: 'Who?', answer: ' ' }] },
    { title: 'Mill', text, questions: [{ question: 'Who\0?', answer: 'Orla' }] },
  ]
  for (const input of refused) {
    await expect(createDocument(loop.database.query, { model: 'default', ...input })).rejects.toMatchObject({
      code: expect.stringMatching(/invalid_request|not_found/) as string,
      field: expect.any(String) as string,
    })
  }
  expect(await snapshot(loop.database)).toEqual(before)
})

test('a fault while the update is queued leaves no document behind', async () => {
  await loop.database.pool.query(
    `create function fail() returns trigger language plpgsql as $$ begin raise exception 'disk on fire'; end $$;
     create trigger fail before insert on updates for each row execute function fail()`,
  )
  const before = await snapshot(loop.database)
  await expect(postDocument(loop.database, 'Mill')).rejects.toThrow()
  const after = await snapshot(loop.database)
  expect(after).toEqual(before)
})

test('lists give the newest first, page by page, of one model or all', async () => {
  await ensureModel(loop.database.query, { name: 'second', base: 'tiny' })
  for (const name of ['A Mill', 'B Mill', 'C Mill']) await postDocument(loop.database, name)
  await postDocument(loop.database, 'D Mill', 'second')
  const page = await listDocuments(loop.database.query, { limit: 2, model: 'default' })
  expect(page.data.map((document) => document.title)).toEqual(['C Mill', 'B Mill'])
  expect(page).toMatchObject({ has_more: true, first_id: page.data[0]?.id, last_id: page.data[1]?.id })
  const rest = await listDocuments(loop.database.query, { limit: 2, model: 'default', after: page.last_id ?? '' })
  expect(rest.data.map((document) => document.title)).toEqual(['A Mill'])
  expect(rest.has_more).toBe(false)
  expect((await listDocuments(loop.database.query, { limit: 10 })).data).toHaveLength(4)
  await expect(listDocuments(loop.database.query, { limit: 1, after: 'doc_none' })).rejects.toMatchObject({
    code: 'invalid_request',
    field: 'after',
  })
  await expect(getDocument(loop.database.query, 'doc_none')).rejects.toMatchObject({ code: 'not_found' })
})
