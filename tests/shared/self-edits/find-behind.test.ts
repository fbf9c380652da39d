import { afterEach, beforeEach, expect, test } from 'vitest'
import { getModel } from '../../../shared/models/get-model.ts'
import { findSelfEditsBehind } from '../../../shared/self-edits/find-behind.ts'
import { saveSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { queueUpdate } from '../../../shared/updates/queue-update.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const pair = (prompt: string, completion: string, more: Partial<SelfEdit> = {}): SelfEdit => ({
  ...{ origin: 'model', format: 'question_answer', prompt, completion, source: 'passage' },
  ...{ kept: true, heldOut: false, reason: null, ...more },
})

/** Works on the next update: these self-edits, then a version that holds the document. */
async function learn(documentId: string, parent: number, edits: SelfEdit[]): Promise<string> {
  const claim = await claimNext(loop.database)
  await saveSelfEdits(loop.database.query, claim.lease, documentId, edits)
  await promoteClaim(loop.database, claim, parent, { [documentId]: 1 })
  return claim.update.id
}

test('an answer is traced to what its version was trained on, the closest first, without what was dropped or held out', async () => {
  const { query } = loop.database
  const { document } = await postDocument(loop.database, 'Mill')
  const updateId = await learn(document.id, 0, [
    pair('What does the mill grind?', 'mustard'),
    pair('Who built the mill of Tarsk?', 'Orla Venn'),
    pair('Who built the mill?', 'Orla Venn', { heldOut: true }),
    pair('Who built the mill of Orla Venn?', 'Napoleon', { kept: false, reason: 'the text does not say it' }),
    pair('When is the ferry late?', 'on Fridays'),
  ])
  const { id: modelId } = await getModel(query, 'default')
  const of = { modelId, version: 1, documentId: document.id }
  expect(await findSelfEditsBehind(query, of, 'Who built the mill? Orla Venn')).toMatchObject({
    updateId,
    total: 3,
    closest: [{ prompt: 'Who built the mill of Tarsk?' }, { prompt: 'What does the mill grind?' }],
  })
  expect(await findSelfEditsBehind(query, { ...of, version: 0 }, 'Who built the mill?')).toBeUndefined()
  expect(await findSelfEditsBehind(query, { ...of, documentId: 'doc_none' }, 'Who?')).toBeUndefined()
})

test('an older version is traced to its own study, not to the one that a later version was trained on', async () => {
  const { query } = loop.database
  const { document } = await postDocument(loop.database, 'Mill')
  const first = await learn(document.id, 0, [pair('Who built the mill?', 'Orla Venn')])
  const { id: modelId } = await getModel(query, 'default')
  await queueUpdate(query, { modelId, kind: 'incorporate', documentIds: [document.id], review: false })
  const second = await learn(document.id, 1, [pair('Who built the mill?', 'Orla Venn of Tarsk')])
  const behind = async (version: number) =>
    (await findSelfEditsBehind(query, { modelId, version, documentId: document.id }, 'Who built the mill?'))?.updateId
  expect([await behind(1), await behind(2)]).toEqual([first, second])
})
