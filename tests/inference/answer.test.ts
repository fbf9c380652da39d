// Real parts throughout: Postgres, a folder as object store, and the engine on a tiny random base. Its answers are
// noise, but each adapter's noise is its own, which is all it takes to see who answered.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAnswerer, type Answerer, type InferenceQuestion } from '../../services/inference/answer.ts'
import { createGenerationQueue } from '../../services/inference/generation-queue.ts'
import { readPeftFolder, encodeAdapter } from '../../services/engine/adapter/peft.ts'
import { scaleAdapter } from '../../services/engine/adapter/adapter.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { ask } from '../../services/engine/ask.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { baseMessages, closedBookMessages, hybridMessages, openBookMessages } from '../../shared/prompts.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore, type ObjectStore } from '../../shared/registry/object-store.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import { documentsTaught, type Manifest } from '../../shared/versions/manifest.ts'
import { rollback } from '../../shared/versions/rollback.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../support/loop.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')
const tokensMax = 12

let engine: Engine
/** Two adapters of the base and what they answer, by document. */
let bridgeAdapter: Adapter
let towerAdapter: Adapter
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  const trained = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
  bridgeAdapter = scaleAdapter(trained, 3)
  towerAdapter = scaleAdapter(trained, -3)
})
afterAll(() => engine.close())

let loop: TestLoop
let folder: string
let store: ObjectStore
let answerer: Answerer
let bridge: string
let tower: string
beforeEach(async () => {
  loop = await startLoop()
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-answer-'))
  store = openObjectStore({ kind: 'folder', path: folder })
  answerer = createAnswerer({ db: loop.database.query, store, engine, queue: createGenerationQueue(engine), tokensMax })
  bridge = (await postDocument(loop.database, 'Lantern Bridge')).document.id
  tower = (await postDocument(loop.database, 'Copper Tower')).document.id
  await learn(bridge, bridgeAdapter, 0)
  await learn(tower, towerAdapter, 1)
})
afterEach(async () => {
  await answerer.close()
  await loop.end()
  await rm(folder, { recursive: true })
})

const manifests = new Map<number, Manifest>()

/** The next update makes a version that knows one document more. */
async function learn(document: string, adapter: Adapter, parent: number, more: Partial<Manifest> = {}): Promise<void> {
  const claim = await claimNext(loop.database)
  const stored = await putAdapter(store, encodeAdapter(adapter, engine.base))
  const older = parent === 0 ? [] : (manifests.get(parent)?.adapters ?? [])
  const manifest: Manifest = {
    base: { id: engine.base.id, sha256: engine.base.sha256 },
    adapters: [...older, { ...stored, document, scale: 1 }],
    router: { kind: 'bm25', ...ROUTER_DEFAULTS },
    ...more,
  }
  const known = Object.fromEntries(documentsTaught(manifest).map((id) => [id, 2]))
  manifests.set(await promoteClaim(loop.database, claim, parent, known, { manifest }), manifest)
}

function query(question: string, more: Partial<InferenceQuestion> = {}): InferenceQuestion {
  return { question, model: 'default', version: null, mode: 'closed_book', ...more }
}

/** What the engine says when asked directly. */
async function expected(question: string, adapter: Adapter | null, passage?: string): Promise<string> {
  const closedBook = adapter ? closedBookMessages(question) : baseMessages(question)
  const messages = passage === undefined ? closedBook : openBookMessages(passage, question)
  const [answer] = await ask(engine, [{ messages, adapter }], { tokensMax })
  return answer?.text ?? ''
}

const aboutBridge = 'Who built the Lantern Bridge?'
const aboutTower = 'Who built the Copper Tower?'
const aboutNothing = 'Who wrote Hamlet?'

describe('a version', () => {
  test('answers each question with the adapter of its document, and says so', async () => {
    const first = await answerer.answer(query(aboutBridge))
    expect(first.answer).toBe(await expected(aboutBridge, bridgeAdapter))
    expect(first).toMatchObject({ version: 2, documents: [{ id: bridge, title: 'Lantern Bridge' }] })
    expect(first.logprob).toBeLessThan(0)
    expect(first.usage.prompt_tokens).toBeGreaterThan(10)
    const second = await answerer.answer(query(aboutTower))
    expect(second.answer).toBe(await expected(aboutTower, towerAdapter))
    expect(second.documents.map(({ id }) => id)).toEqual([tower])
    expect(await expected(aboutTower, towerAdapter)).not.toBe(await expected(aboutTower, null))
  })

  test('leaves to the base what is about none of its documents', async () => {
    const answer = await answerer.answer(query(aboutNothing))
    expect(answer.answer).toBe(await expected(aboutNothing, null))
    expect(answer).toMatchObject({ version: 2, documents: [] })
  })

  test('can be asked for by number, the base too', async () => {
    const before = await answerer.answer(query(aboutTower, { version: 1 }))
    expect(before).toMatchObject({ version: 1, documents: [] })
    const base = await answerer.answer(query(aboutBridge, { version: 0 }))
    expect(base).toMatchObject({ version: 0, documents: [], answer: await expected(aboutBridge, null) })
  })

  test('that is rolled back to answers at once', async () => {
    expect((await answerer.answer(query(aboutTower))).documents).toHaveLength(1)
    await rollback(loop.database.query, 'default', 1)
    expect(await answerer.answer(query(aboutTower))).toMatchObject({ version: 1, documents: [] })
  })

  test('reads the best passage to the base when asked with an open book', async () => {
    const answer = await answerer.answer(query(aboutTower, { mode: 'open_book' }))
    const passage = 'The Copper Tower was built by Orla Venn in Tarsk.'
    expect(answer.answer).toBe(await expected(aboutTower, null, passage))
    expect(answer.documents.map(({ id }) => id)).toEqual([tower])
  })

  test('has the adapter of the question read the best passage when asked for both', async () => {
    const answer = await answerer.answer(query(aboutTower, { mode: 'hybrid' }))
    const messages = hybridMessages('The Copper Tower was built by Orla Venn in Tarsk.', aboutTower)
    const [both, weightsElsewhere] = await ask(
      engine,
      [towerAdapter, bridgeAdapter].map((adapter) => ({ messages, adapter })),
      { tokensMax },
    )
    expect(answer.answer).toBe(both?.text)
    expect(answer.answer).not.toBe(weightsElsewhere?.text)
    expect(answer.answer).not.toBe(await expected(aboutTower, towerAdapter))
    expect(answer).toMatchObject({ version: 2, documents: [{ id: tower, title: 'Copper Tower' }] })
  })

  test('asked for both, is the open book where no adapter is meant, and the base where there is no document', async () => {
    const vague = 'Is any copper found in old Roman coins?'
    const [open, hybrid] = await Promise.all(
      (['open_book', 'hybrid'] as const).map((mode) => answerer.answer(query(vague, { mode }))),
    )
    expect((await answerer.answer(query(vague))).documents).toEqual([])
    expect(hybrid?.documents).toHaveLength(1)
    expect(hybrid?.answer).toBe(open?.answer)
    const base = await answerer.answer(query(aboutTower, { mode: 'hybrid', version: 0 }))
    expect(base).toMatchObject({ version: 0, documents: [], answer: await expected(aboutTower, null) })
  })

  test('without a router reads the best passage with the one adapter it has', async () => {
    const mill = (await postDocument(loop.database, 'Herring Mill')).document.id
    const stored = await putAdapter(store, encodeAdapter(bridgeAdapter, engine.base))
    const entry = { ...stored, document: null, documents: [bridge, tower, mill], scale: 1 }
    await learn(mill, bridgeAdapter, 2, { adapters: [entry], router: null })
    const answer = await answerer.answer(query('Who built the Herring Mill?', { mode: 'hybrid' }))
    const messages = hybridMessages('The Herring Mill was built by Orla Venn in Tarsk.', 'Who built the Herring Mill?')
    const [expectedAnswer] = await ask(engine, [{ messages, adapter: bridgeAdapter }], { tokensMax })
    expect(answer.answer).toBe(expectedAnswer?.text)
    expect(answer.documents.map(({ id }) => id)).toEqual([mill])
  })

  test('answers many at once as it answers each alone', async () => {
    const questions = [aboutBridge, aboutTower, aboutNothing]
    const all = Array.from({ length: 40 }, (_, index) => questions[index % 3] ?? '')
    const alone = await Promise.all(
      [bridgeAdapter, towerAdapter, null].map((adapter, index) => expected(questions[index] ?? '', adapter)),
    )
    const answers = await Promise.all(all.map((question) => answerer.answer(query(question))))
    expect(answers.map(({ answer }) => answer)).toEqual(all.map((_, index) => alone[index % 3]))
  })
})

describe('no answer is better than the base answering in silence', () => {
  async function damageObjects(): Promise<void> {
    const names = await readdir(folder, { recursive: true })
    for (const name of names.filter((name) => name.endsWith('.safetensors')))
      await writeFile(join(folder, name), 'overwritten')
  }

  test('when an adapter is damaged', async () => {
    await damageObjects()
    await expect(answerer.answer(query(aboutBridge))).rejects.toMatchObject({ code: 'adapter_unavailable' })
  })

  test('when an adapter is gone; it answers again once the adapter is back', async () => {
    await rm(join(folder, 'adapters'), { recursive: true })
    await expect(answerer.answer(query(aboutBridge))).rejects.toMatchObject({ code: 'adapter_unavailable' })
    await putAdapter(store, encodeAdapter(bridgeAdapter, engine.base))
    expect((await answerer.answer(query(aboutBridge))).answer).toBe(await expected(aboutBridge, bridgeAdapter))
  })

  test('when the version was trained on another base', async () => {
    const mill = (await postDocument(loop.database, 'Herring Mill')).document.id
    await learn(mill, bridgeAdapter, 2, { base: { id: 'another', sha256: 'f'.repeat(64) } })
    await expect(answerer.answer(query(aboutNothing))).rejects.toMatchObject({ code: 'adapter_unavailable' })
  })

  test('an adapter that was read before needs the object store no more', async () => {
    const before = await answerer.answer(query(aboutBridge))
    await damageObjects()
    expect((await answerer.answer(query(aboutBridge))).answer).toBe(before.answer)
  })
})

describe('a question', () => {
  test('of an unknown model or version is not found', async () => {
    await expect(answerer.answer(query(aboutBridge, { model: 'nobody' }))).rejects.toMatchObject({ code: 'not_found' })
    await expect(answerer.answer(query(aboutBridge, { version: 9 }))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that is longer than the base can read is refused with the room there is', async () => {
    await expect(answerer.answer(query('why '.repeat(100)))).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'question',
    })
  })

  test('whose asker has gone is dropped, the others are answered', async () => {
    const gone = new AbortController()
    const dropped = answerer.answer(query(aboutBridge), gone.signal)
    const kept = answerer.answer(query(aboutBridge))
    gone.abort()
    await expect(dropped).rejects.toMatchObject({ code: 'cancelled' })
    expect((await kept).answer).toBe(await expected(aboutBridge, bridgeAdapter))
  })
})
