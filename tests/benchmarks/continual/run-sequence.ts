// One model that learns one document after another, asked about all it has learned after every update. No gate: what a
// strategy loses is to be seen, not prevented. A document with nothing to train on leaves the version as it was.
import { buildRouter, ROUTER_DEFAULTS } from '../../../shared/router/router.ts'
import type { RouterEntry } from '../../../shared/router/router.ts'
import type { StoredSelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { Manifest, ManifestAdapter } from '../../../shared/versions/manifest.ts'
import { foldAdapters } from '../../../services/trainer/fold-adapters.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { manifestOf, STRATEGY_PLANS } from '../../../services/trainer/strategies/strategy.ts'
import type { Plan } from '../../../services/trainer/strategies/strategy.ts'
import { plainRows, sealSequences } from '../../../services/trainer/study/external-text.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { probesOf } from '../learning/ask-questions.ts'
import { questionsOf, seedStudy, studyPassage, writingEngine } from '../learning/learn.ts'
import { askOnce, trainOnce, trainRowsOnce } from '../learning/lineage.ts'
import type { LineageBench, Training } from '../learning/lineage.ts'
import type { BenchPassage } from '../learning/passages.ts'
import { SEAL_RECIPE, writeImplications } from '../learning/seal.ts'
import type { Way } from './ways.ts'

export interface Cell {
  correct: number
  total: number
}

export interface Update {
  studySeconds: number
  trainSeconds: number
  trainedTokens: number
  load: number
  revision: string
}

export interface Sequence {
  way: Way
  seed: number
  documents: string[]
  /** Row 0 is the base, row i the model after i documents; column j is document j, null where it was not asked. */
  matrix: (Cell | null)[][]
  updates: Update[]
}

export interface SequenceInput {
  way: Way
  passages: readonly BenchPassage[]
  seed: number
  /** Rows in which all learned documents are asked; in the others only the new one. The last always is. */
  everyRow: number
  /** After each update. */
  onUpdate: (update: number) => void
}

const never = new AbortController().signal

/** What the model knows of the documents so far. */
interface State {
  manifest: Manifest | null
  selfEdits: StoredSelfEdit[]
  entries: RouterEntry[]
}

export async function runSequence(bench: LineageBench, input: SequenceInput): Promise<Sequence> {
  const { way, passages, seed, everyRow, onUpdate } = input
  const state: State = { manifest: null, selfEdits: [], entries: [] }
  const matrix = [await askRow(bench, way, state, passages, passages)]
  const updates: Update[] = []
  for (const [index, passage] of passages.entries()) {
    updates.push(
      way.seal ? await learnBySeal(bench, state, passage, seed) : await learn(bench, way, state, passage, seed),
    )
    const whole = (index + 1) % everyRow === 0 || index + 1 === passages.length
    const asked = whole ? passages.slice(0, index + 1) : [passage]
    matrix.push(await askRow(bench, way, state, passages, asked))
    onUpdate(index + 1)
  }
  return { way, seed, documents: passages.map(({ id }) => id), matrix, updates }
}

/** The service's way: study, plan, train. Changes `state`. */
async function learn(
  bench: LineageBench,
  { settings }: Way,
  state: State,
  passage: BenchPassage,
  seed: number,
): Promise<Update> {
  const recipe = { ...KNOWLEDGE_RECIPE, seed }
  const study = { settings: seedStudy(STUDY_SETTINGS, seed), epochs: recipe.epochs }
  const { edits, seconds } = await studyPassage(bench, passage, study)
  const { id: documentId, title, text } = passage
  const olderDocuments = state.entries.map((entry) => entry.documentId)
  state.selfEdits.push(
    ...edits.map((edit, index) => ({ ...edit, id: `${documentId}/${index}`, updateId: documentId, documentId })),
  )
  const planned = STRATEGY_PLANS[settings.strategy]({
    parent: state.manifest,
    newDocuments: [documentId],
    olderDocuments,
    settings,
  })
  const plan = await foldAdapters({ engine: bench.engine, store: bench.objects, recipe }, planned, never)
  const texts = new Map([...state.entries, { documentId, text }].map((entry) => [entry.documentId, entry.text]))
  const trainings: Training[] = []
  for (const training of plan.trainings)
    trainings.push(await trainOnce(bench, training, { recipe, selfEdits: state.selfEdits, texts }))
  state.entries.push({ documentId, title, text, questions: questionsOf(edits) })
  publish(bench, state, plan, trainings)
  return updateOf(trainings, seconds)
}

/** SEAL's way: implications in plain text, trained on everything merged so far. Changes `state`. */
async function learnBySeal(bench: LineageBench, state: State, passage: BenchPassage, seed: number): Promise<Update> {
  const writing = writingEngine(bench)
  const text = await writeImplications(writing.engine, passage, seed)
  const rows = plainRows(bench.engine, sealSequences(passage, text))
  const on = state.manifest?.adapters ?? []
  const recipe = { ...SEAL_RECIPE, seed }
  const trainings = [await trainRowsOnce(bench, rows, { recipe, on, document: passage.id })]
  publish(bench, state, { trainings: [], kept: on, router: null }, trainings)
  return updateOf(trainings, writing.seconds())
}

function publish({ engine }: LineageBench, state: State, plan: Plan, trainings: readonly Training[]): void {
  const trained = trainings.flatMap(({ entry }): ManifestAdapter[] => (entry === null ? [] : [entry]))
  if (trained.length === trainings.length) state.manifest = manifestOf(plan, engine.base, trained)
}

function updateOf(trainings: readonly Training[], studySeconds: number): Update {
  const sum = (numberOf: (training: Training) => number) => trainings.reduce((so, one) => so + numberOf(one), 0)
  return {
    studySeconds,
    trainSeconds: sum(({ seconds }) => seconds),
    trainedTokens: sum(({ trainedTokens }) => trainedTokens),
    load: Math.max(0, ...trainings.map(({ load }) => load)),
    revision: trainings.map(({ revision }) => revision).join(),
  }
}

async function askRow(
  bench: LineageBench,
  way: Way,
  { manifest, entries }: State,
  all: readonly BenchPassage[],
  asked: readonly BenchPassage[],
): Promise<(Cell | null)[]> {
  const router = buildRouter(entries, manifest?.router ?? ROUTER_DEFAULTS)
  const version = { manifest, router, wording: way.seal ? ('seal' as const) : ('service' as const) }
  const answers = await askOnce(bench, version, asked.flatMap(probesOf))
  return all.map((passage) => {
    if (!asked.includes(passage)) return null
    const own = probesOf(passage).map(({ id }) => answers.get(id)?.correct === true)
    return { correct: own.filter(Boolean).length, total: own.length }
  })
}
