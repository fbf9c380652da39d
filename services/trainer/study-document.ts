// Studies one document of an update and stores what came of it: the self-edits, each dropped one with its reason, and,
// where the caller gave no questions, self-made probes.
import { AppError } from '../../shared/errors.ts'
import { saveProbes } from '../../shared/probes/save-probes.ts'
import { storableText } from '../../shared/storable-text.ts'
import { listSelfEdits, saveSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import type { SelfEdit } from '../../shared/self-edits/self-edit.ts'
import type { ClaimedDocument } from '../../shared/updates/claim-update.ts'
import type { Lease } from '../../shared/updates/lease.ts'
import type { Persist } from './outage.ts'
import type { IncorporateParts } from './incorporate.ts'
import { writeSelfEdits } from './study/write-self-edits.ts'

export interface StudyContext {
  /** Runs a database call until the database answers. */
  persist: Persist
  onProgress: (fraction: number) => void
  /** What was just written, before it is judged. */
  onWritten: (edits: readonly SelfEdit[]) => void
  signal: AbortSignal
}

/** Counts for the update's events. Throws `unprocessable_document` when nothing is left to train on or to ask. */
export async function studyDocument(
  { db, engine, studyAdapter, generator, study, recipe }: IncorporateParts,
  lease: Lease,
  document: ClaimedDocument,
  { persist, onProgress, onWritten, signal }: StudyContext,
) {
  const makeProbes = document.questions.length === 0
  const stored = (await persist(() => listSelfEdits(db, lease.updateId))).filter(
    (edit) => edit.documentId === document.id,
  )
  const resumed = stored.length > 0
  const edits = resumed
    ? stored
    : await writeSelfEdits(engine, studyAdapter, document, study, {
        makeProbes,
        epochs: recipe.epochs,
        generator,
        onProgress,
        onWritten,
        signal,
      })
  if (!resumed) {
    const probes = edits
      .filter((edit) => edit.heldOut)
      .map(({ prompt, completion }) => ({ question: prompt, answer: completion, source: 'self_made' as const }))
    // Probes first: stored self-edits are the sign of a finished study.
    if (makeProbes) await persist(() => saveProbes(db, lease, document.id, probes))
    await persist(() => saveSelfEdits(db, lease, document.id, edits))
  }
  const counts = countsOf(document.id, edits)
  if (counts.kept === 0 || (makeProbes && counts.held_out === 0)) throw nothingToLearn(document, edits)
  return { ...counts, resumed }
}

/** For the update's events, so that the writing can be followed; which of them are kept is settled later. */
export function describeWritten(documentId: string, edits: readonly SelfEdit[]) {
  const told = edits.map(({ format, prompt, completion }) => {
    return { format, prompt: storableText(prompt), completion: storableText(completion) }
  })
  return { document_id: documentId, edits: told }
}

function countsOf(documentId: string, edits: readonly SelfEdit[]) {
  const kept = edits.filter((edit) => edit.kept)
  const heldOut = kept.filter((edit) => edit.heldOut).length
  return { document_id: documentId, written: edits.length, kept: kept.length - heldOut, held_out: heldOut }
}

function nothingToLearn(document: ClaimedDocument, edits: readonly SelfEdit[]): AppError {
  const reasons = new Map<string, number>()
  for (const { reason } of edits) if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const [mostly] = [...reasons].sort(([, a], [, b]) => b - a).map(([reason]) => reason)
  const why =
    edits.length === 0
      ? 'it has no sentence to ask about'
      : `too few of ${edits.length} self-edits could be kept${mostly === undefined ? '' : ` (mostly: ${mostly})`}`
  return new AppError(
    'unprocessable_document',
    `nothing could be learned from "${document.title}": ${why}. Send ${
      document.study === 'given' ? 'more self_edits, or questions to measure by' : 'whole sentences that state facts'
    }`,
  )
}
