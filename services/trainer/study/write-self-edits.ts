// The study of one document: what the model writes about it and what the caller gave, judged and chosen. Nothing is thrown away silently: the
// result holds every self-edit, each dropped one with its reason, in the order in which they were written.
import { closedBookMessages } from '../../../shared/prompts.ts'
import type { SelfEdit, SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { toTrainingExample } from '../../engine/ask.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import type { Question } from '../../../shared/documents/document.ts'
import type { GivenSelfEdit, StudyMode } from '../../../shared/self-edits/given-self-edit.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import { findFault, groundOf } from './find-fault.ts'
import { writeGiven } from './given-edits.ts'
import { holdOut } from './hold-out.ts'
import { keepWithinBudget } from './keep-within-budget.ts'
import { formatsOf, trainedTokensMax } from './settings.ts'
import type { StudySettings } from './settings.ts'
import { writeClozes, writeRestatements } from './verbatim-edits.ts'
import { listWindows } from './windows.ts'
import { writeFreely } from './write-freely.ts'
import { createEngineWriter } from './writer.ts'
import type { Writer } from './writer.ts'

export interface StudiedDocument {
  title: string
  text: string
  /** `own` unless said otherwise. */
  study?: StudyMode
  givenSelfEdits?: readonly GivenSelfEdit[]
  /** The caller's, never trained on. */
  questions?: readonly Question[]
}

export interface StudyOptions {
  /** Hold self-made questions out as probes (the caller gave none). */
  makeProbes: boolean
  /** How often training will run each row: the budget counts trained tokens. */
  epochs: number
  /** Writes in place of the base, which then only counts tokens. */
  generator?: Writer | undefined
  /** 0 to 1 as the writing goes on. */
  onProgress?: (fraction: number) => void
  /** What was just written, before it is judged. */
  onWritten?: (edits: readonly SelfEdit[]) => void
  signal?: AbortSignal
}

/** Every self-edit of a document; those to train on are `kept && !heldOut`. Throws only what the engine throws. */
export async function writeSelfEdits(
  engine: Engine,
  studyAdapter: Adapter | null,
  document: StudiedDocument,
  settings: StudySettings,
  options: StudyOptions,
): Promise<SelfEdit[]> {
  const writesOwn = document.study !== 'given'
  const ground = groundOf(document.title, document.text)
  const judge = (edits: readonly SelfEdit[]): SelfEdit[] =>
    dropDuplicates(edits.map((edit) => (edit.kept ? withFault(edit, faultOf(edit) ?? tooLong(edit)) : edit)))
  const faultOf = (edit: SelfEdit): string | null => (edit.origin === 'given' ? null : findFault(edit, ground))
  const costOf = (edit: SelfEdit): number => exampleOf(engine, edit).tokens.length
  const tooLong = (edit: SelfEdit): string | null =>
    costOf(edit) > engine.base.config.positionsMax ? 'longer than the base can read' : null
  const given = writeGiven(document.title, document.givenSelfEdits ?? [], document.questions ?? [])
  const writer = options.generator ?? createEngineWriter(engine, studyAdapter)
  const written = writesOwn ? await writeFreely(writer, document, settings, options) : []
  const formats = formatsOf(settings)
  const verbatim = writesOwn ? writeVerbatim(document, formats) : []
  let edits = judge([...given, ...written, ...verbatim])
  const passages = listWindows(document.text).filter(({ kind }) => kind === 'passage').length
  if (writesOwn && edits.filter((edit) => edit.kept).length < settings.keptMin * passages) {
    const further = settings.fallbackFormats.filter((format) => !formats.includes(format))
    edits = judge([...edits, ...writeVerbatim(document, further)])
  }
  if (options.makeProbes) edits = holdOut(edits, settings.probesMax)
  const tokensMax = trainedTokensMax(settings, passages) / options.epochs
  return keepWithinBudget(edits, costOf, { tokensMax, shares: settings.shares })
}

/** A self-edit as a training row: asked closed-book, as a user would. */
export function exampleOf(engine: Engine, edit: Pick<SelfEdit, 'prompt' | 'completion'>): TrainingExample {
  return toTrainingExample(engine, closedBookMessages(edit.prompt), edit.completion)
}

function writeVerbatim(document: { title: string; text: string }, formats: readonly SelfEditFormat[]): SelfEdit[] {
  return [
    ...(formats.includes('cloze') ? writeClozes(document.title, document.text) : []),
    ...(formats.includes('restatement') ? writeRestatements(document.title, document.text) : []),
  ]
}

function withFault(edit: SelfEdit, fault: string | null): SelfEdit {
  return fault === null ? edit : { ...edit, kept: false, reason: fault }
}
