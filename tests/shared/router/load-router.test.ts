import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadRouter } from '../../../shared/router/load-router.ts'
import { pickAdapters } from '../../../shared/router/pick-adapters.ts'
import { ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { saveSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import type { Manifest } from '../../../shared/versions/manifest.ts'
import { claimNext, manifestOf, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

function pair(prompt: string, more: Partial<SelfEdit> = {}): SelfEdit {
  const completion = 'an answer'
  const defaults = { origin: 'model' as const, source: 'passage', kept: true, heldOut: false, reason: null }
  return { format: 'question_answer', prompt, completion, ...defaults, ...more }
}

function routed(documentIds: readonly string[]): Manifest {
  return { ...manifestOf(documentIds), router: { kind: 'bm25', ...ROUTER_DEFAULTS } }
}

/** Two documents, the first studied with these self-edits; ids in order. */
async function learn(edits: readonly SelfEdit[]): Promise<[string, string]> {
  const { database } = loop
  const first = (await postDocument(database, 'Lantern Bridge')).document.id
  const second = (await postDocument(database, 'Copper Tower')).document.id
  const claim = await claimNext(database)
  await saveSelfEdits(database.query, claim.lease, first, edits)
  await promoteClaim(database, claim, 0, { [first]: 2 })
  return [first, second]
}

test('routes by text, title and kept questions', async () => {
  const [bridge, tower] = await learn([pair('Which crossing spans the gorge?')])
  const route = await loadRouter(loop.database.query, routed([bridge, tower]))
  expect(route('Who built the Lantern Bridge?').documentId).toBe(bridge)
  expect(route('Who built the Copper Tower?').documentId).toBe(tower)
  expect(route('Which crossing spans the gorge?').documentId).toBe(bridge)
  expect(route('Who wrote Hamlet?').documentId).toBeNull()
})

test('leaves out what was dropped, held out as a probe, or no question', async () => {
  const [bridge, tower] = await learn([
    pair('Which crossing spans the gorge?', { kept: false, reason: 'repeats another' }),
    pair('Which viaduct joins both shores?', { heldOut: true }),
    pair('Rewrite the ornamental causeway text.', { format: 'rewrite' }),
  ])
  const route = await loadRouter(loop.database.query, routed([bridge, tower]))
  for (const question of ['Which crossing spans the gorge?', 'Which viaduct joins shores?', 'ornamental causeway'])
    expect(route(question).documentId).toBeNull()
})

test('knows only the documents of the version', async () => {
  const [bridge] = await learn([])
  const route = await loadRouter(loop.database.query, routed([bridge]))
  expect(route('Who built the Copper Tower?').ranking.map(({ documentId }) => documentId)).toEqual([bridge])
})

test('refuses a version whose document is gone, rather than answering without it', async () => {
  const [bridge] = await learn([])
  await expect(loadRouter(loop.database.query, routed([bridge, 'doc_gone']))).rejects.toThrow(/doc_gone/)
})

test('the base routes nothing', async () => {
  const route = await loadRouter(loop.database.query, null)
  expect(route('Who built the Lantern Bridge?')).toEqual({ documentId: null, ranking: [] })
})

test('an adapter of several documents is found by any of them', async () => {
  const [bridge, tower] = await learn([])
  const [several] = manifestOf([tower]).adapters
  if (several === undefined) throw new Error('a manifest of one document has an adapter')
  const manifest = { ...routed([]), adapters: [{ ...several, document: null, documents: [bridge, tower] }] }
  const route = await loadRouter(loop.database.query, manifest)
  for (const name of ['Lantern Bridge', 'Copper Tower'])
    expect(pickAdapters(manifest, route, `Who built the ${name}?`)).toEqual(manifest.adapters)
  expect(pickAdapters(manifest, route, 'Who wrote Hamlet?')).toEqual([])
})

test('with a router the routed document answers, without one all adapters together, of the base none', async () => {
  const [bridge, tower] = await learn([])
  const manifest = routed([bridge, tower])
  const route = await loadRouter(loop.database.query, manifest)
  const pick = (question: string, of: Manifest | null) =>
    pickAdapters(of, route, question).map(({ document }) => document)
  expect(pick('Who built the Copper Tower?', manifest)).toEqual([tower])
  expect(pick('Who wrote Hamlet?', manifest)).toEqual([])
  expect(pick('Who built the Copper Tower?', null)).toEqual([])
  expect(pick('Who wrote Hamlet?', { ...manifest, router: null })).toEqual([bridge, tower])
})
