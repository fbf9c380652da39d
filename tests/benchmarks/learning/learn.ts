// A document to an adapter, as the trainer makes one: study, rows of what was kept, training on the frozen base. Other
// materials and recipes go the same way, so that arms differ in what they say they differ in and in nothing else.
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import type { Engine, TrainingExample, TrainingRecipe } from '../../../services/engine/engine.ts'
import { chatRows, plainRows, sealSequences } from '../../../services/trainer/study/external-text.ts'
import type { StudySettings } from '../../../services/trainer/study/settings.ts'
import { exampleOf, writeSelfEdits } from '../../../services/trainer/study/write-self-edits.ts'
import { loadNow } from './bench.ts'
import type { Bench, Studied } from './bench.ts'
import type { BenchPassage } from './passages.ts'
import { keyOf } from './result-store.ts'
import { SEAL_WRITING, writeImplications } from './seal.ts'

/** What is trained on. */
export type Material =
  /** Self-edits by the service's study; `unfiltered` trains those with a fault too. */
  | { kind: 'own'; study: StudySettings; unfiltered?: true }
  /** A text by another model that came with the document, its statements in the chat format. */
  | { kind: 'given'; by: string }
  /** Plain text as SEAL trains it: the passage alone, or after implications that the base or another model wrote. */
  | { kind: 'plain'; implications: 'none' | 'base' | { by: string } }

export interface Learning {
  material: Material
  recipe: TrainingRecipe
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
  lossLast: number | null
}

/** Throws what the engine throws, e.g. that training diverged. */
export async function learn(bench: Bench, passage: BenchPassage, learning: Learning, seed: number): Promise<Learned> {
  const { material } = learning
  const studied = await study(bench, passage, material, seed)
  const rows = rowsOf(bench.engine, passage, material, studied)
  const questions = (studied?.edits ?? [])
    .filter(({ format, kept, heldOut }) => format === 'question_answer' && kept && !heldOut)
    .map(({ prompt }) => prompt)
  const learned = { questions, rows: rows.length, studySeconds: studied?.seconds ?? null }
  if (rows.length === 0) return { ...learned, adapter: null, trainedTokens: 0, trainSeconds: 0, lossLast: null }
  const started = performance.now()
  const { adapter, trainedTokens, losses } = await bench.engine.train(rows, { ...learning.recipe, seed })
  const trainSeconds = (performance.now() - started) / 1000
  return { ...learned, adapter, trainedTokens, trainSeconds, lossLast: losses.at(-1) ?? null }
}

/** Self-edits of a document: written once for each seed and settings, whichever arm asks first. */
async function study(
  bench: Bench,
  passage: BenchPassage,
  material: Material,
  seed: number,
): Promise<Studied | undefined> {
  const { engine, studyAdapter, ground } = bench
  const { title, text } = passage
  if (material.kind === 'own') {
    const settings = seedStudy(material.study, seed)
    return keepStudied(bench, { ground, title, text, settings }, () =>
      writeSelfEdits(engine, studyAdapter, { title, text }, settings, { makeProbes: false }),
    )
  }
  if (material.kind === 'plain' && material.implications === 'base')
    return keepStudied(bench, { base: ground.base, title, text, seed, seal: SEAL_WRITING }, () =>
      writeImplications(engine, passage, seed),
    )
  return undefined
}

async function keepStudied(bench: Bench, inputs: object, write: () => Promise<Studied['edits']>): Promise<Studied> {
  const key = keyOf(inputs)
  const known = bench.selfEdits.find(key)
  if (known !== undefined) return known
  const [load, started] = [loadNow(), performance.now()]
  const edits = await write()
  const studied = { edits, seconds: (performance.now() - started) / 1000, load }
  bench.selfEdits.append(key, studied)
  return studied
}

/** Seed 1 is the service's own; others lie apart by more than a study's batches, which count on from its seed. */
function seedStudy(settings: StudySettings, seed: number): StudySettings {
  return { ...settings, seed: settings.seed + 1000 * (seed - 1) }
}

function rowsOf(
  engine: Engine,
  passage: BenchPassage,
  material: Material,
  studied: Studied | undefined,
): TrainingExample[] {
  const edits = studied?.edits ?? []
  switch (material.kind) {
    case 'own': {
      const trained = edits.filter(({ kept, heldOut, reason }) =>
        material.unfiltered === true ? reason !== 'longer than the base can read' : kept && !heldOut,
      )
      return trained
        .filter(({ prompt, completion }) => prompt !== '' && completion !== '')
        .map((edit) => exampleOf(engine, edit))
    }
    case 'given':
      return chatRows(engine, passage.title, givenText(passage, material.by))
    case 'plain': {
      const { implications } = material
      const text = typeof implications === 'object' ? givenText(passage, implications.by) : edits[0]?.completion
      return plainRows(engine, sealSequences(passage, text ?? ''))
    }
  }
}

function givenText(passage: BenchPassage, by: string): string {
  const text = passage.selfEdits?.[by]
  if (text === undefined) throw new PlainError(`${passage.id} holds no selfEdits.${by}: take the data that has them.`)
  return text
}
