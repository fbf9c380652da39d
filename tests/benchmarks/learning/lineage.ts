// Models that learn one document after another, without a database: the strategies' own plans, the trainer's own way of
// carrying them out and of asking a candidate. Adapters and answers are kept by what they were made from, so a document
// that two sequences train alike is trained once, and an adapter that answers as before is not asked again.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvaluationAnswer } from '../../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../../shared/probes/probe.ts'
import { putAdapter } from '../../../shared/registry/adapters.ts'
import { openObjectStore, type ObjectStore } from '../../../shared/registry/object-store.ts'
import { pickAdapters } from '../../../shared/router/pick-adapters.ts'
import type { Router } from '../../../shared/router/router.ts'
import type { StoredSelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'
import { encodeAdapter } from '../../../services/engine/adapter/peft.ts'
import { ask } from '../../../services/engine/ask.ts'
import type { TrainingExample, TrainingRecipe } from '../../../services/engine/engine.ts'
import { grade } from '../../../services/monitor/grade.ts'
import { loadAdapter, loadSum } from '../../../services/trainer/load-adapters.ts'
import { measureCandidate } from '../../../services/trainer/measure-candidate.ts'
import type { KnowledgeRecipe } from '../../../services/trainer/recipe.ts'
import type { PlannedTraining } from '../../../services/trainer/strategies/strategy.ts'
import { trainPlan } from '../../../services/trainer/train-plan.ts'
import type { Bench } from './bench.ts'
import { loadNow } from './load-now.ts'
import { keyOf, openResultStore } from './result-store.ts'
import type { ResultStore } from './result-store.ts'
import { sealQuestion } from './seal.ts'

/** One adapter, made once. */
export interface Training {
  /** Null where nothing was left to train on: the version stays as it was. */
  entry: ManifestAdapter | null
  trainedTokens: number
  seconds: number
  load: number
  revision: string
}

export type KeptAnswer = Pick<EvaluationAnswer, 'answer' | 'correct'>

export interface LineageBench extends Bench {
  objects: ObjectStore
  /** The size of a stored object. */
  objectBytes(key: string): Promise<number>
  trainings: ResultStore<Training>
  answers: ResultStore<KeptAnswer>
}

export function openLineage(bench: Bench, flags: { state: string; fresh: boolean }): LineageBench {
  const path = join(flags.state, 'objects')
  return {
    ...bench,
    objects: openObjectStore({ kind: 'folder', path }),
    objectBytes: async (key) => (await stat(join(path, key))).size,
    trainings: openResultStore<Training>(join(flags.state, 'trainings.jsonl'), flags),
    answers: openResultStore<KeptAnswer>(join(flags.state, 'answers.jsonl'), flags),
  }
}

const never = new AbortController().signal

/** Carries one training of a plan out, as the trainer does. Throws what training throws. */
export async function trainOnce(
  bench: LineageBench,
  training: PlannedTraining,
  given: { recipe: KnowledgeRecipe; selfEdits: readonly StoredSelfEdit[]; texts: ReadonlyMap<string, string> },
): Promise<Training> {
  const { recipe, selfEdits, texts } = given
  const rows = selfEdits
    .filter((edit) => edit.kept && !edit.heldOut && training.selfEditsOf.includes(edit.documentId))
    .map(({ documentId, prompt, completion }) => [documentId, prompt, completion])
  // Texts count only where the objective reads them.
  const read = recipe.objective.distillation > 0 ? [...texts] : null
  return keepTraining(bench, { training, recipe, rows, read }, rows.length > 0, async () => {
    const { engine, objects: store, studyAdapter } = bench
    const parts = { engine, store, studyAdapter, recipe }
    const plan = { trainings: [training], kept: [], router: null }
    const options = { selfEdits, texts, signal: never, onStep: () => undefined }
    const { entries, trainedTokens } = await trainPlan(parts, plan, options)
    return { entry: entries[0] ?? null, trainedTokens }
  })
}

/** Rows of another kind than self-edits, trained on the base with `on` merged into it. */
export async function trainRowsOnce(
  bench: LineageBench,
  rows: readonly TrainingExample[],
  { recipe, on, document }: { recipe: TrainingRecipe; on: readonly ManifestAdapter[]; document: string },
): Promise<Training> {
  return keepTraining(bench, { rows, recipe, on, document }, rows.length > 0, async () => {
    const { engine, objects: store } = bench
    const merged = await Promise.all(on.map((entry) => loadAdapter({ engine, store }, entry)))
    const { adapter, trainedTokens } = await engine.train(rows, recipe, { on: merged })
    const stored = await putAdapter(store, encodeAdapter(adapter, engine.base))
    return { entry: { ...stored, document, scale: 1 }, trainedTokens }
  })
}

async function keepTraining(
  bench: LineageBench,
  inputs: object,
  trainable: boolean,
  train: () => Promise<Pick<Training, 'entry' | 'trainedTokens'>>,
): Promise<Training> {
  const key = keyOf({ ground: bench.ground, ...inputs })
  const known = bench.trainings.find(key)
  // An adapter that was cleared away is made again.
  if (known !== undefined && (known.entry === null || (await bench.objects.has(known.entry.key)))) return known
  const [load, started] = [loadNow(), performance.now()]
  const made = trainable ? await train() : { entry: null, trainedTokens: 0 }
  const training = { ...made, seconds: (performance.now() - started) / 1000, load, revision: bench.revision }
  bench.trainings.append(key, training)
  return training
}

/** In whose words an adapter is asked: the service's, or SEAL's for chat models. */
export type Wording = 'service' | 'seal'

export interface AskedVersion {
  /** Null: the base. */
  manifest: Manifest | null
  router: Router
  wording: Wording
}

/** Every probe's answer by its id, asked as a user of that version would ask. */
export async function askOnce(
  bench: LineageBench,
  version: AskedVersion,
  probes: readonly Probe[],
): Promise<Map<string, KeptAnswer>> {
  const keyed = probes.map((probe) => ({ probe, key: answerKey(bench, version, probe) }))
  const missing = keyed.filter(({ key }) => bench.answers.find(key) === undefined)
  if (missing.length > 0) {
    const asked = await askVersion(
      bench,
      version,
      missing.map(({ probe }) => probe),
    )
    for (const { probe, key } of missing) {
      const answer = asked.get(probe.id)
      if (answer === undefined) throw new Error(`probe ${probe.id} was left unanswered`)
      bench.answers.append(key, answer)
    }
  }
  return new Map(keyed.flatMap(({ probe, key }) => [[probe.id, bench.answers.find(key) ?? noAnswer]]))
}

const noAnswer: KeptAnswer = { answer: '', correct: false }

/** An answer depends on the adapters that give it, not on what else the version holds. */
function answerKey({ ground }: Bench, { manifest, router, wording }: AskedVersion, probe: Probe): string {
  const { question, answer } = probe
  const entries = pickAdapters(manifest, router, question).map(({ key, scale }) => [key, scale])
  return keyOf({ base: ground.base, words: ground.wording, wording, entries, question, answer })
}

async function askVersion(
  bench: LineageBench,
  { manifest, router, wording }: AskedVersion,
  probes: readonly Probe[],
): Promise<Map<string, KeptAnswer>> {
  const parts = { engine: bench.engine, store: bench.objects }
  const base = { base: bench.engine.base, adapters: [], router: null }
  if (wording === 'service' || manifest === null) {
    const asked = { manifest: manifest ?? base, router, probes, trained: new Map(), signal: never }
    const evaluations = await measureCandidate(parts, asked)
    const answers = evaluations.flatMap((evaluation) => evaluation.answers)
    return new Map(answers.map(({ probeId, answer, correct }) => [probeId, { answer, correct }]))
  }
  const adapter = await loadSum(parts, manifest.adapters)
  const questions = probes.map(({ question }) => ({ messages: sealQuestion(question), adapter }))
  const answers = await ask(bench.engine, questions, { tokensMax: ANSWER_TOKENS_MAX })
  return new Map(
    probes.map(({ id, question, answer: gold }, row) => {
      const answer = answers[row]?.text ?? ''
      return [id, { answer, correct: grade(question, gold, answer) }]
    }),
  )
}

/** As the monitor's. */
const ANSWER_TOKENS_MAX = 40
