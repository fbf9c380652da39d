import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDocuments, type DocumentToCut } from '../../../shared/documents/create-documents.ts'
import { listUpdates } from '../../../shared/updates/get-update.ts'
import { postDocument, snapshot, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

function toTake(name: string, more: Partial<DocumentToCut> = {}, index = 0): DocumentToCut {
  const text = `The ${name} was built by Orla Venn in Tarsk.`
  return { input: { model: 'default', title: name, text }, wordsMax: null, field: `documents.${index}`, ...more }
}

test('each document has its update, in the order in which they were given', async () => {
  const names = ['mill', 'bridge', 'tower', 'kiln', 'ferry']
  const created = await createDocuments(
    loop.database.query,
    names.map((name) => toTake(name)),
  )
  expect(created.map(({ document }) => document.title)).toEqual(names)
  const { data } = await listUpdates(loop.database.query, { limit: 10 })
  expect(data.map(({ id }) => id).reverse()).toEqual(created.map(({ update }) => update.id))
})

test('one that cannot be taken is named by its place, and none is taken', async () => {
  const before = await snapshot(loop.database)
  const bad = toTake('kiln', { input: { model: 'default', title: 'Kiln', text: ' ' } }, 2)
  const taking = createDocuments(loop.database.query, [toTake('mill'), toTake('bridge', {}, 1), bad])
  await expect(taking).rejects.toMatchObject({ code: 'invalid_request', field: 'documents.2.text' })
  expect(await snapshot(loop.database)).toEqual(before)
})

test('texts that are known, from before or from the same call, are the documents they are', async () => {
  const { document } = await postDocument(loop.database, 'Mill')
  const known = toTake('Mill', {
    input: { model: 'default', title: 'M', text: 'The Mill was built by Orla Venn in Tarsk.' },
  })
  const created = await createDocuments(loop.database.query, [known, toTake('kiln'), toTake('kiln')])
  expect(created.map((each) => each.created)).toEqual([false, true, false])
  expect(created[0]?.document.id).toBe(document.id)
  expect(created[1]?.document.id).toBe(created[2]?.document.id)
})

test('a text is cut only where its questions do not lose their document, and not into too many', async () => {
  const text = Array.from({ length: 600 }, (_, n) => `Mill number ${n} was built by Orla Venn in Tarsk.`).join('\n\n')
  const input = { model: 'default', title: 'Mills', text }
  const created = await createDocuments(loop.database.query, [toTake('mills', { input, wordsMax: 2_000 })])
  expect(created.map(({ document }) => document.title)).toEqual(['Mills (1 of 3)', 'Mills (2 of 3)', 'Mills (3 of 3)'])
  const questions = [{ question: 'Who built mill number 7?', answer: 'Orla Venn' }]
  await expect(
    createDocuments(loop.database.query, [toTake('mills', { input: { ...input, questions }, wordsMax: 2_000 })]),
  ).rejects.toMatchObject({ code: 'invalid_request', field: 'documents.0.questions' })
  await expect(createDocuments(loop.database.query, [toTake('mills', { input, wordsMax: 10 })])).rejects.toMatchObject({
    code: 'payload_too_large',
  })
})
