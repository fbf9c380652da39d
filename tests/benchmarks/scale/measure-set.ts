// A routed version of some documents: its accuracy beside that of each document's own adapter, and what asking, measuring
// and storing it costs. Adapters were trained before; a set only chooses among them.
import { openBookMessages } from '../../../shared/prompts.ts'
import { buildRouter, ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { Router, RouterEntry } from '../../../shared/router/router.ts'
import { pickAdapters } from '../../../shared/router/pick-adapters.ts'
import { baseMessages, closedBookMessages } from '../../../shared/prompts.ts'
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'
import { ask, promptTokens } from '../../../services/engine/ask.ts'
import { createAdapterLoader } from '../../../services/inference/load-adapter.ts'
import { createGenerationQueue } from '../../../services/inference/generation-queue.ts'
import { grade } from '../../../services/monitor/grade.ts'
import { measureCandidate } from '../../../services/trainer/measure-candidate.ts'
import { probesOf } from '../learning/ask-questions.ts'
import { quantile } from '../learning/bootstrap.ts'
import { askOnce } from '../learning/lineage.ts'
import type { LineageBench } from '../learning/lineage.ts'
import { loadNow } from '../learning/load-now.ts'
import type { BenchPassage } from '../learning/passages.ts'
import { keyOf } from '../learning/result-store.ts'
import type { DocumentScale } from './figures.ts'

/** A document that was learned; `entry` null where nothing could be. */
export interface LearnedPassage {
  passage: BenchPassage
  entry: ManifestAdapter | null
  questions: string[]
}

export interface SetCosts {
  /** Asking every question of the set once, as an update does to measure a candidate. */
  evaluateSeconds: number
  /** One question at a time, adapters loaded as the inference process does. */
  queryMs: { p50: number; p95: number; queries: number }
  bytes: number
  load: number
}

/** Questions of one latency measurement. */
const QUERIES_MAX = 60
/** As the inference process. */
const ADAPTER_BYTES_MAX = 256 * 2 ** 20
const QUERY_TOKENS_MAX = 64
const OPEN_BOOK_TOKENS_MAX = 40

interface Version {
  manifest: Manifest
  router: Router
}

function versionOf({ engine }: LineageBench, documents: readonly LearnedPassage[]): Version {
  const learned = documents.flatMap(({ passage, entry, questions }) =>
    entry === null ? [] : [{ entry, document: routerEntry(passage, questions) }],
  )
  return {
    manifest: {
      base: { id: engine.base.id, sha256: engine.base.sha256 },
      adapters: learned.map(({ entry }) => entry),
      router: { kind: 'bm25', ...ROUTER_DEFAULTS },
    },
    router: buildRouter(
      learned.map(({ document }) => document),
      ROUTER_DEFAULTS,
    ),
  }
}

function routerEntry({ id, title, text }: BenchPassage, questions: string[]): RouterEntry {
  return { documentId: id, title, text, questions }
}

/** Every document of the set, in order. */
export async function measureSet(bench: LineageBench, documents: readonly LearnedPassage[]): Promise<DocumentScale[]> {
  const version = versionOf(bench, documents)
  const probes = documents.flatMap(({ passage }) => probesOf(passage))
  const routed = await askOnce(bench, { ...version, wording: 'service' }, probes)
  const found = await askOpenBook(bench, version.router, documents)
  const scales: DocumentScale[] = []
  for (const { passage, entry } of documents) {
    const own = probesOf(passage)
    const alone = entry === null ? null : { ...version.manifest, adapters: [entry], router: null }
    const asked = { router: version.router, wording: 'service' as const }
    const byOwn = await askOnce(bench, { ...asked, manifest: alone }, own)
    const byBase = await askOnce(bench, { ...asked, manifest: null }, own)
    const routes = own.map(({ question }) => version.router(question).documentId)
    const right = (answers: ReadonlyMap<string, { correct: boolean }>) =>
      own.filter(({ id }) => answers.get(id)?.correct === true).length
    scales.push({
      ...{ id: passage.id, total: own.length, base: right(byBase), own: right(byOwn), routed: right(routed) },
      openBook: right(found),
      toOwn: routes.filter((id) => id === passage.id).length,
      toOther: routes.filter((id) => id !== null && id !== passage.id).length,
      toBase: routes.filter((id) => id === null).length,
    })
  }
  return scales
}

/** The base reading what retrieval finds among the set's documents: the rival of any routing. */
async function askOpenBook(
  bench: LineageBench,
  router: Router,
  documents: readonly LearnedPassage[],
): Promise<Map<string, { correct: boolean }>> {
  const asked = documents.flatMap(({ passage }) =>
    probesOf(passage).map((probe) => {
      const best = router(probe.question).ranking[0]
      const messages = best ? openBookMessages(best.passage, probe.question) : baseMessages(probe.question)
      return { probe, messages, key: keyOf({ base: bench.ground.base, messages, gold: probe.answer }) }
    }),
  )
  const { positionsMax } = bench.engine.base.config
  const missing = asked.filter(
    ({ key, messages }) =>
      bench.answers.find(key) === undefined &&
      // A passage that the base cannot read is left unanswered.
      promptTokens(bench.engine, messages).length + OPEN_BOOK_TOKENS_MAX <= positionsMax,
  )
  const answers = await ask(
    bench.engine,
    missing.map(({ messages }) => ({ messages, adapter: null })),
    { tokensMax: OPEN_BOOK_TOKENS_MAX },
  )
  for (const [row, { probe, key }] of missing.entries()) {
    const answer = answers[row]?.text ?? ''
    bench.answers.append(key, { answer, correct: grade(probe.question, probe.answer, answer) })
  }
  return new Map(asked.map(({ probe, key }) => [probe.id, bench.answers.find(key) ?? { correct: false }]))
}

/** Nothing here is read from earlier answers: it is the time that counts. */
export async function measureCosts(bench: LineageBench, documents: readonly LearnedPassage[]): Promise<SetCosts> {
  const load = loadNow()
  const { manifest, router } = versionOf(bench, documents)
  const probes = documents.flatMap(({ passage }) => probesOf(passage))
  const started = performance.now()
  await measureCandidate(
    { engine: bench.engine, store: bench.objects },
    { manifest, router, probes, trained: new Map(), signal: new AbortController().signal },
  )
  const evaluateSeconds = (performance.now() - started) / 1000
  const step = Math.max(1, Math.ceil(probes.length / QUERIES_MAX))
  const questions = probes.filter((_, index) => index % step === 0).map(({ question }) => question)
  const queryMs = await measureQueries(bench, { manifest, router }, questions)
  const sizes = await Promise.all(manifest.adapters.map(({ key }) => bench.objectBytes(key)))
  return { evaluateSeconds, queryMs, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0), load }
}

async function measureQueries(
  { engine, objects }: LineageBench,
  { manifest, router }: Version,
  questions: readonly string[],
): Promise<SetCosts['queryMs']> {
  const loadAdapter = createAdapterLoader(objects, engine.base, ADAPTER_BYTES_MAX)
  const queue = createGenerationQueue(engine)
  const took: number[] = []
  for (const question of questions) {
    const started = performance.now()
    const adapter = await loadAdapter(pickAdapters(manifest, router, question))
    const messages = adapter === null ? baseMessages(question) : closedBookMessages(question)
    await queue.submit({
      prompt: promptTokens(engine, messages),
      adapter,
      options: { tokensMax: QUERY_TOKENS_MAX },
    })
    took.push(performance.now() - started)
  }
  await queue.close()
  took.sort((a, b) => a - b)
  return { p50: quantile(took, 0.5), p95: quantile(took, 0.95), queries: took.length }
}
