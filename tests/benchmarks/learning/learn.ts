// A document to an adapter, as the trainer makes one: study, rows of what was kept, training on the frozen base. Other
// materials and recipes go the same way, so that arms differ in what they say they differ in and in nothing else.
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { distilRows } from '../../../services/trainer/distil-rows.ts'
import type { Objective } from '../../../services/trainer/objective.ts'
import type { Engine, TrainingExample, TrainingRecipe } from '../../../services/engine/engine.ts'
import { plainRows, sealSequences, textEdits } from '../../../services/trainer/study/external-text.ts'
import { dropDuplicates } from '../../../services/trainer/study/drop-duplicates.ts'
import { keepWithinBudget } from '../../../services/trainer/study/keep-within-budget.ts'
import { trainedTokensMax } from '../../../services/trainer/study/settings.ts'
import type { StudySettings } from '../../../services/trainer/study/settings.ts'
import { listWindows } from '../../../services/trainer/study/windows.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { exampleOf, writeSelfEdits } from '../../../services/trainer/study/write-self-edits.ts'
import { readPolicy, type Bench } from './bench.ts'
import { keepGenerations } from './keep-generations.ts'
import type { BenchPassage } from './passages.ts'
import { writeImplications } from './seal.ts'

/** What is trained on. */
export type Material =
  /**
   * Self-edits by the service's study; `unfiltered` trains those with a fault too, and `policy` names what practice made,
   * which writes in place of the study adapter.
   */
  | { kind: 'own'; study: StudySettings; unfiltered?: true; policy?: string }
  /** A text by another model that came with the document, its statements in the chat format. */
  | { kind: 'given'; by: string }
  /** Plain text as SEAL trains it: the passage alone, or after implications that the base or another model wrote. */
  | { kind: 'plain'; implications: 'none' | 'base' | { by: string } }

export interface Learning {
  material: Material
  /** Without an objective the rows are held to their answers. */
  recipe: TrainingRecipe & { objective?: Objective }
}

export interface Learned {
  /** Null where nothing was left to train on: the base answers then, as in the service. */
  adapter: Adapter | null
  /** Questions that the study wrote, for the router. */
  questions: string[]
  rows: number
  trainedTokens: number
  /** Null where nothing had to be written. */
  studySeconds: number | null
  trainSeconds: number
}

/** Throws what the engine throws, e.g. that training diverged. */
export async function learn(bench: Bench, passage: BenchPassage, learning: Learning, seed: number): Promise<Learned> {
  const { engine, studyAdapter } = bench
  const { rows, edits, questions, studySeconds } = await study(bench, passage, learning, seed)
  const learned = { questions, rows: rows.length, studySeconds }
  if (rows.length === 0) return { ...learned, adapter: null, trainedTokens: 0, trainSeconds: 0 }
  const started = performance.now()
  const { objective, ...recipe } = learning.recipe
  const given = rows.map((row, index) => ({ row, edit: edits[index], text: passage.text }))
  const held = objective === undefined ? rows : await distilRows({ engine, studyAdapter, objective }, given)
  const { adapter, trainedTokens } = await engine.train(held, { ...recipe, seed })
  const trainSeconds = (performance.now() - started) / 1000
  return { ...learned, adapter, trainedTokens, trainSeconds }
}

interface Study {
  rows: TrainingExample[]
  /** What each row was made of; empty for plain text. */
  edits: readonly Pick<SelfEdit, 'prompt' | 'completion'>[]
  /** Questions that were written and kept. */
  questions: string[]
  /** Null where nothing had to be written. */
  studySeconds: number | null
}

async function study(
  bench: Bench,
  passage: BenchPassage,
  { material, recipe }: Learning,
  seed: number,
): Promise<Study> {
  const { engine } = bench
  const plain = (text: string, studySeconds: number | null): Study => {
    const rows = plainRows(engine, sealSequences(passage, text))
    return { rows, edits: [], questions: [], studySeconds }
  }
  switch (material.kind) {
    case 'own':
      return studyOwn(bench, passage, { material, epochs: recipe.epochs, seed })
    case 'given': {
      const edits = textEdits(passage.title, givenText(passage, material.by))
      return { rows: edits.map((edit) => exampleOf(engine, edit)), edits, questions: [], studySeconds: null }
    }
    case 'plain': {
      const { implications } = material
      if (implications === 'none') return plain('', null)
      if (implications !== 'base') return plain(givenText(passage, implications.by), null)
      const writing = writingEngine(bench)
      return plain(await writeImplications(writing.engine, passage, seed), writing.seconds())
    }
  }
}

async function studyOwn(
  bench: Bench,
  passage: BenchPassage,
  { material, epochs, seed }: { material: Extract<Material, { kind: 'own' }>; epochs: number; seed: number },
): Promise<Study> {
  const settings = seedStudy(material.study, seed)
  const { edits: judged, seconds } = await studyPassage(bench, passage, { settings, epochs, policy: material.policy })
  const edits =
    material.unfiltered === true
      ? withoutFilter(bench.engine, judged, { settings, text: passage.text, epochs })
      : judged
  const kept = edits.filter((edit) => edit.kept && !edit.heldOut)
  return {
    rows: kept.map((edit) => exampleOf(bench.engine, edit)),
    edits: kept,
    questions: questionsOf(kept),
    studySeconds: seconds,
  }
}

/** The service's study of a document whose questions the caller gave; `seconds` as if all of it were written now. */
export async function studyPassage(
  bench: Bench,
  { title, text }: BenchPassage,
  { settings, epochs, policy }: { settings: StudySettings; epochs: number; policy?: string | undefined },
): Promise<{ edits: SelfEdit[]; seconds: number }> {
  const writing = writingEngine(bench, policy)
  const writer = policy === undefined ? bench.studyAdapter : await readPolicy(bench, policy)
  const options = { makeProbes: false, epochs }
  const edits = await writeSelfEdits(writing.engine, writer, { title, text }, settings, options)
  return { edits, seconds: writing.seconds() }
}

/** What the router learns a document's vocabulary from. */
export function questionsOf(edits: readonly SelfEdit[]): string[] {
  return edits
    .filter(({ format, kept, heldOut }) => format === 'question_answer' && kept && !heldOut)
    .map(({ prompt }) => prompt)
}

/** What the trainer would train if the study found no fault with anything: duplicates still go, the budget still holds. */
function withoutFilter(
  engine: Engine,
  edits: readonly SelfEdit[],
  { settings, text, epochs }: { settings: StudySettings; text: string; epochs: number },
): SelfEdit[] {
  const usable = edits.filter(({ prompt, completion }) => prompt !== '' && completion !== '')
  const all = dropDuplicates(usable.map((edit) => ({ ...edit, kept: true, reason: null })))
  const passages = listWindows(text).filter(({ kind }) => kind === 'passage').length
  const tokensMax = trainedTokensMax(settings, passages) / epochs
  return keepWithinBudget(all, (edit) => exampleOf(engine, edit).tokens.length, { tokensMax, shares: settings.shares })
}

/** The bench's engine, what it writes kept. */
export const writingEngine = (bench: Bench, policy?: string) =>
  keepGenerations(bench.engine, bench.written, (adapter) =>
    adapter === null ? null : (policy ?? bench.ground.studyAdapter),
  )

/** Seed 1 is the service's own; others lie apart by more than a study's batches, which count on from its seed. */
export function seedStudy(settings: StudySettings, seed: number): StudySettings {
  return { ...settings, passes: settings.passes.map((pass) => ({ ...pass, seed: pass.seed + 1000 * (seed - 1) })) }
}

function givenText(passage: BenchPassage, by: string): string {
  const text = passage.selfEdits?.[by]
  if (text === undefined) throw new PlainError(`${passage.id} holds no selfEdits.${by}: take the data that has them.`)
  return text
}
