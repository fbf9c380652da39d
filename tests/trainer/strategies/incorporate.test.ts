// Each strategy from the documents to the version that answers. The base is random: what it says is noise, but what it is
// trained on becomes likelier, and each adapter's noise is its own.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { scaleAdapter } from '../../../services/engine/adapter/adapter.ts'
import { combineAdapters } from '../../../services/engine/adapter/combine.ts'
import { decodeAdapter } from '../../../services/engine/adapter/peft.ts'
import { ask } from '../../../services/engine/ask.ts'
import type { Engine, TrainingExample } from '../../../services/engine/engine.ts'
import { createAnswerer } from '../../../services/inference/answer.ts'
import { createGenerationQueue } from '../../../services/inference/generation-queue.ts'
import { pairAnswers } from '../../../services/monitor/compare.ts'
import { CONTROL_QUESTIONS } from '../../../services/monitor/control-questions.ts'
import { measureForgetting } from '../../../services/monitor/forgetting.ts'
import { measureCandidate } from '../../../services/trainer/measure-candidate.ts'
import { findEvaluations } from '../../../shared/evaluations/find-evaluations.ts'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { listProbes } from '../../../shared/probes/save-probes.ts'
import { closedBookMessages } from '../../../shared/prompts.ts'
import { getAdapter } from '../../../shared/registry/adapters.ts'
import { loadRouter } from '../../../shared/router/load-router.ts'
import { listSelfEdits } from '../../../shared/self-edits/save-self-edits.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { queueConsolidation } from '../../../shared/updates/queue-consolidation.ts'
import { getHead } from '../../../shared/versions/get-version.ts'
import { documentsTaught, type Manifest } from '../../../shared/versions/manifest.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { toVersionBody } from '../../../shared/versions/version.ts'
import { openScene, openTinyEngine, type Scene } from '../incorporate-scene.ts'
import { bridge, lighthouse, mill } from '../passages.ts'

let engine: Engine
let scene: Scene
beforeAll(async () => {
  engine = await openTinyEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  scene = await openScene(engine)
})
afterEach(() => scene.close())

const head = () => getHead(scene.database.query, 'model')
async function manifestOfHead(): Promise<Manifest> {
  const { manifest } = await head()
  if (manifest === null) throw new Error('the head is the base')
  return manifest
}

/** What the bare base makes of some tokens, as exact numbers. */
async function fingerprint(): Promise<unknown> {
  const row = Array.from({ length: 40 }, (_, index) => (index * 37) % engine.base.config.vocabSize)
  return [
    await engine.score([{ prompt: row.slice(0, 1), answer: row.slice(1) }]),
    await engine.generate([row], { tokensMax: 8 }),
  ]
}

async function answerHead(question: string): Promise<{ answer: string; version: number; documents: { id: string }[] }> {
  const answerer = createAnswerer({
    db: scene.database.query,
    store: scene.parts.store,
    engine,
    queue: createGenerationQueue(engine),
    tokensMax: 12,
  })
  const answer = await answerer.answer({ question, model: 'model', version: null, mode: 'closed_book' })
  await answerer.close()
  return answer
}

/** What the sum of these stored adapters answers, put together by hand. */
async function answerBy(entries: Manifest['adapters'], question: string): Promise<string> {
  const adapters = []
  for (const entry of entries) {
    const adapter = decodeAdapter(await getAdapter(scene.parts.store, entry), engine.base.config)
    adapters.push(scaleAdapter(adapter, entry.scale))
  }
  const adapter = combineAdapters(engine.base.config, adapters)
  const [answer] = await ask(engine, [{ messages: closedBookMessages(question), adapter }], { tokensMax: 12 })
  return answer?.text ?? ''
}

test('sequential: three documents leave the base untouched and answer through all three adapters', async () => {
  await scene.createModel('model', { strategy: 'sequential' })
  const before = await fingerprint()
  const ids: string[] = []
  for (const document of [lighthouse, bridge, mill]) {
    ids.push((await scene.send('model', document)).document.id)
    expect(await scene.work()).toMatchObject({ state: 'promoted', version: ids.length })
    expect(await fingerprint()).toEqual(before)
  }
  const manifest = await manifestOfHead()
  expect(manifest.router).toBeNull()
  expect(manifest.adapters.map(({ document }) => document)).toEqual(ids)
  const question = 'Who built the lamp of Varn?'
  const answer = await answerHead(question)
  expect(answer).toMatchObject({ version: 3, answer: await answerBy(manifest.adapters, question) })
  expect(answer.documents.map(({ id }) => id)).toEqual([ids[0]])
  // Each of them counts.
  for (const left of ids) {
    const others = manifest.adapters.filter(({ document }) => document !== left)
    const [whole, part] = [await logprobOf(manifest.adapters), await logprobOf(others)]
    expect(Math.abs(whole - part)).toBeGreaterThan(0.01)
  }
})

async function logprobOf(adapters: Manifest['adapters']): Promise<number> {
  const manifest = { ...(await manifestOfHead()), adapters }
  const probes = await listProbes(scene.database.query, documentsTaught(await manifestOfHead()))
  const router = await loadRouter(scene.database.query, manifest)
  const signal = new AbortController().signal
  const evaluations = await measureCandidate(scene.parts, { manifest, router, probes, trained: new Map(), signal })
  return evaluations.reduce((sum, { logprob }) => sum + logprob, 0)
}

test('sequential: the stored evaluations are those of the version that answers', async () => {
  await scene.createModel('model', { strategy: 'sequential' })
  for (const document of [lighthouse, bridge]) await scene.send('model', document)
  await scene.work()
  await scene.work()
  const { id } = await getModel(scene.database.query, 'model')
  const stored = [...(await findEvaluations(scene.database.query, id, 2)).values()]
  const sum = stored.reduce((total, { logprob }) => total + logprob, 0)
  expect(await logprobOf((await manifestOfHead()).adapters)).toBeCloseTo(sum, 3)
})

test('sequential: eight adapters are folded into one of half their rank, which says what it lost; what follows acts through it', async () => {
  await scene.createModel('model', { strategy: 'sequential', gate: { reject_on_regression: false } })
  const ids: string[] = []
  for (let number = 1; number <= 9; number++) {
    const text = `${mill.text} Its ${number} stones were cut by Ilse Marrow.`
    ids.push((await scene.send('model', { ...mill, text })).document.id)
    expect(await scene.work()).toMatchObject({ state: 'promoted', version: number })
    if (number === 8) expect((await manifestOfHead()).adapters).toHaveLength(8)
  }
  const manifest = await manifestOfHead()
  const [folded, newest, ...others] = manifest.adapters
  expect(others).toEqual([])
  expect(newest).toMatchObject({ document: ids[8], scale: 1 })
  expect(folded).toMatchObject({ document: null, documents: ids.slice(0, 8), scale: 1 })
  const rank = 4 * scene.parts.recipe.lora.rank
  expect(folded?.folded).toMatchObject({ adapters: 8, rank })
  expect(folded?.folded?.error).toBeGreaterThan(0)
  expect(folded?.folded?.error).toBeLessThan(0.5)
  const shown = toVersionBody(await head()).manifest?.adapters.map((entry) => entry.folded?.adapters)
  expect(shown).toEqual([8, undefined])
  // It was measured as it answers.
  const { id } = await getModel(scene.database.query, 'model')
  const stored = [...(await findEvaluations(scene.database.query, id, 9)).values()]
  const sum = stored.reduce((total, { logprob }) => total + logprob, 0)
  expect(await logprobOf(manifest.adapters)).toBeCloseTo(sum, 3)
  const question = mill.questions[0]?.question ?? ''
  expect((await answerHead(question)).answer).toBe(await answerBy(manifest.adapters, question))
  // The versions before it are as exact as they were.
  await rollback(scene.database.query, 'model', 8)
  expect((await manifestOfHead()).adapters.map(({ document }) => document)).toEqual(ids.slice(0, 8))
  // Nine updates on two busy cores.
}, 240_000)

test('replay: one adapter of all documents, never over its budget of tokens', async () => {
  await scene.createModel('model', { strategy: 'replay', replay: { tokens_max: 4_000, generic_share: 0.1 } })
  const ids: string[] = []
  for (const document of [lighthouse, bridge, mill]) {
    ids.push((await scene.send('model', document)).document.id)
    const update = await scene.work()
    expect(update).toMatchObject({ state: 'promoted', error: null })
    expect(update.verdict?.retention?.control).toMatchObject({ total: CONTROL_QUESTIONS.length })
    expect(update.verdict?.retention?.control?.mean_loss).not.toBe(0)
    expect(update.trained_tokens).toBeLessThanOrEqual(4_000)
    const { adapters, router } = await manifestOfHead()
    expect(router).toBeNull()
    expect(adapters).toHaveLength(1)
    expect([...documentsTaught(await manifestOfHead())].sort()).toEqual([...ids].sort())
  }
  // The documents have far more to say than that: the budget was used, up to a row for each document and epoch.
  expect((await getHeadUpdate()).trained_tokens).toBeGreaterThan(3_000)
  const question = 'Who guards the bridge of Olm?'
  const { adapters } = await manifestOfHead()
  expect(await answerHead(question)).toMatchObject({ version: 3, answer: await answerBy(adapters, question) })
})

async function getHeadUpdate() {
  const { updateId } = await head()
  return await getUpdate(scene.database.query, updateId ?? '')
}

test('an adapter that forgets too much is clipped to the largest scale within budget, and answers at it', async () => {
  const settings = { strategy: 'sequential', gate: { preset: 'default' } } as const
  await scene.createModel('model', settings)
  await scene.send('model', lighthouse)
  await scene.work()
  // What the next document costs when nothing is limited.
  await scene.send('model', bridge)
  const unlimited = await scene.work()
  const cost = unlimited.verdict?.forgetting.bits_per_token ?? NaN
  expect(cost).toBeGreaterThan(0)
  await rollback(scene.database.query, 'model', 1)

  const budget = cost / 2
  await changeSettings(scene.database.query, 'model', { gate: { bits_per_token_max: budget } })
  await scene.send('model', { ...bridge, text: `${bridge.text} ` })
  const clipped = await scene.work()
  expect(clipped).toMatchObject({ state: 'promoted', verdict: { action: 'clip', budget: { bits_per_token: budget } } })
  const { verdict } = clipped
  expect(verdict?.forgetting.bits_per_token).toBeLessThanOrEqual(budget)
  expect(verdict?.scale).toBeGreaterThanOrEqual(0.1)
  expect(verdict?.scale).toBeLessThan(1)
  const version = await head()
  expect(toVersionBody(version).verdict).toEqual(verdict)
  const manifest = await manifestOfHead()
  expect(manifest.adapters.map(({ scale }) => scale)).toEqual([1, verdict?.scale])
  expect(await forgottenAt(manifest, verdict?.scale ?? NaN)).toBeCloseTo(verdict?.forgetting.bits_per_token ?? NaN, 3)
  expect(await forgottenAt(manifest, (verdict?.scale ?? NaN) + 0.9 / 2 ** 5)).toBeGreaterThan(budget)
  const question = 'Who guards the bridge of Olm?'
  expect((await answerHead(question)).answer).toBe(await answerBy(manifest.adapters, question))
})

/** Bits a token lost on the first document when the last adapter acts at this scale. */
async function forgottenAt(manifest: Manifest, scale: number): Promise<number> {
  const { query } = scene.database
  const last = manifest.adapters.length - 1
  const adapters = manifest.adapters.map((entry, index) => (index === last ? { ...entry, scale } : entry))
  const probes = await listProbes(query, [manifest.adapters[0]?.document ?? ''])
  const { id } = await getModel(query, 'model')
  const before = [...(await findEvaluations(query, id, 1)).values()]
  const after = await measureCandidate(scene.parts, {
    manifest: { ...manifest, adapters },
    router: await loadRouter(query, manifest),
    probes,
    trained: new Map(),
    signal: new AbortController().signal,
  })
  const tokens = new Map(
    probes.map((probe) => [probe.id, engine.tokenizer.encode(probe.answer, { addSpecial: false }).length]),
  )
  return measureForgetting(pairAnswers(before, after), (probe) => tokens.get(probe) ?? NaN, null).bitsPerToken ?? NaN
}

test('an adapter that forgets too much at every scale is rejected with what it forgot', async () => {
  // No candidate is this close to the base.
  await scene.createModel('model', { strategy: 'replay', gate: { kl_bits_max: 1e-9 } })
  await scene.send('model', lighthouse)
  const update = await scene.work()
  expect(update).toMatchObject({
    state: 'rejected',
    verdict: { action: 'reject', scale: 1, budget: { kl_bits: 1e-9, accuracy_drop: null } },
  })
  expect(update.verdict?.forgetting.kl_bits).toBeGreaterThan(1e-9)
  expect(update.verdict?.reason).toContain('away from the base')
  expect((await head()).number).toBe(0)
})

test('consolidate: a routed version becomes one adapter, which routing then goes on beside', async () => {
  await scene.createModel('model', {})
  const ids: string[] = []
  for (const document of [lighthouse, bridge]) {
    ids.push((await scene.send('model', document)).document.id)
    await scene.work()
  }
  const routed = await manifestOfHead()
  expect(routed.adapters).toHaveLength(2)
  // Neither document draws a general question to itself.
  const unmoved = { p_value: 1, mean_loss: 0, losses: 0, gains: 0, total: CONTROL_QUESTIONS.length }
  expect((await getHeadUpdate()).verdict?.retention?.control).toMatchObject(unmoved)
  const queued = await queueConsolidation(scene.database.query, 'model')
  expect(queued).toMatchObject({ kind: 'consolidate', document_ids: [], state: 'queued' })
  await expect(queueConsolidation(scene.database.query, 'model')).rejects.toMatchObject({ code: 'conflict' })
  const trained: TrainingExample[] = []
  scene.parts.engine = {
    ...engine,
    train: (examples, recipe, options) => {
      trained.push(...examples)
      return engine.train(examples, recipe, options)
    },
  }
  const done = await scene.work()
  scene.parts.engine = engine
  // Every row of the two documents, each with what the adapter that knows its document says.
  expect(trained.length).toBeGreaterThan(10)
  expect(trained.filter(({ teacher }) => teacher === undefined)).toEqual([])
  expect(done).toMatchObject({ id: queued.id, state: 'promoted', version: 3, learned: null, retained: { total: 3 } })
  expect(done.verdict?.forgetting.kl_bits).toBeGreaterThan(0)
  expect(done.verdict?.retention?.control?.losses).toBeGreaterThan(0)
  const one = await manifestOfHead()
  expect(one).toMatchObject({ router: null, adapters: [{ document: null, scale: 1 }] })
  expect(documentsTaught(one)).toEqual([...ids].sort())
  await expect(queueConsolidation(scene.database.query, 'model')).rejects.toMatchObject({ code: 'conflict' })

  const third = (await scene.send('model', mill)).document.id
  expect(await scene.work()).toMatchObject({ state: 'promoted', version: 4 })
  const manifest = await manifestOfHead()
  expect(manifest.adapters.map(({ document }) => document)).toEqual([null, third])
  for (const [question, entry, id] of [
    ['Who built the lamp of Varn?', manifest.adapters[0], ids[0]],
    ['Who carved the wheel of the mill of Tarsk?', manifest.adapters[1], third],
  ] as const) {
    const answer = await answerHead(question)
    expect(answer.documents.map((document) => document.id)).toEqual([id])
    expect(answer.answer).toBe(await answerBy(entry ? [entry] : [], question))
  }
})

test('an update whose strategy cannot go on from the head fails with what to do, before anything is studied', async () => {
  await scene.createModel('model', { strategy: 'sequential' })
  for (const document of [lighthouse, bridge]) await scene.send('model', document)
  await scene.work()
  await scene.work()
  // Rolled back to the base it may be routed; then the sum is made the head again.
  await rollback(scene.database.query, 'model', 0)
  await changeSettings(scene.database.query, 'model', { strategy: 'routed' })
  await rollback(scene.database.query, 'model', 2)
  const { update } = await scene.send('model', mill)
  await expect(scene.work()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/sum of 2 adapters.*consolidate/) as unknown,
  })
  expect(await listSelfEdits(scene.database.query, update.id)).toEqual([])
})
