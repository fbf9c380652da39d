// Carries a reviewer's changes out. The reviewer's word stands against the study's (a dropped self-edit can be taken back,
// the token budget is not counted again), but not against the measurement: what the probes ask must not be trained, and
// something must be left to train on and to ask.
import { eq, inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { replaceProbes } from '../probes/save-probes.ts'
import { contentWords } from '../words.ts'
import { validateGiven } from './given-self-edit.ts'
import { listSelfEdits } from './save-self-edits.ts'
import type { SelfEditChange } from './self-edit-change.ts'
import type { StoredSelfEdit } from './self-edit.ts'
import { selfEdits } from './self-edits.table.ts'

const DROPPED = 'dropped in review'

/** Inside a transaction that holds the update's row. Throws `invalid_request` with the field. */
export async function reviewSelfEdits(
  tx: Db,
  update: { id: string; documentIds: readonly string[] },
  changes: readonly SelfEditChange[],
): Promise<{ edited: number; dropped: number; added: number }> {
  if (changes.length === 0) return { edited: 0, dropped: 0, added: 0 }
  const before = await listSelfEdits(tx, update.id)
  const changed = new Map<string, { edit: StoredSelfEdit; field: string }>()
  for (const [index, change] of changes.entries()) {
    const field = `self_edits.${index}`
    const { prompt, completion } = change
    validateGiven(
      { ...(prompt === undefined ? {} : { prompt }), ...(completion === undefined ? {} : { completion }) },
      field,
    )
    const edit = 'id' in change ? editOf(before, change, field) : additionTo(update, change, field)
    if (changed.has(edit.id)) throw invalid(`${field}.id`, `${edit.id} is changed twice`)
    changed.set(edit.id, { edit, field })
  }
  const known = new Set(before.map(({ id }) => id))
  const added = [...changed.values()].map(({ edit }) => edit).filter(({ id }) => !known.has(id))
  const after = [...before.map((edit) => changed.get(edit.id)?.edit ?? edit), ...added]
  const questions = await listQuestions(tx, update.documentIds)
  for (const documentId of update.documentIds)
    checkDocument(
      after.filter((edit) => edit.documentId === documentId),
      questions.get(documentId) ?? [],
      changed,
    )
  await write(tx, { update, before, after, added, questions, changed: new Set(changed.keys()) })
  const edits = after.filter(({ id }) => changed.has(id) && known.has(id))
  const dropped = edits.filter(({ kept }) => !kept).length
  return { edited: edits.length - dropped, dropped, added: added.length }
}

function editOf(
  edits: readonly StoredSelfEdit[],
  change: Extract<SelfEditChange, { id: string }>,
  field: string,
): StoredSelfEdit {
  const edit = edits.find(({ id }) => id === change.id)
  if (edit === undefined) throw invalid(`${field}.id`, `${change.id} is no self-edit of this update`)
  const prompt = change.prompt?.trim() ?? edit.prompt
  const completion = change.completion?.trim() ?? edit.completion
  const isReworded = prompt !== edit.prompt || completion !== edit.completion
  const worded = { ...edit, prompt, completion, ...(isReworded ? { origin: 'review' as const } : {}) }
  if (change.kept === false) return { ...worded, kept: false, heldOut: false, reason: DROPPED }
  return change.kept === true ? { ...worded, kept: true, reason: null } : worded
}

function additionTo(
  { id: updateId, documentIds }: { id: string; documentIds: readonly string[] },
  { prompt, completion, document_id: named }: Exclude<SelfEditChange, { id: string }>,
  field: string,
): StoredSelfEdit {
  const [documentId = ''] = named === undefined && documentIds.length === 1 ? documentIds : [named]
  if (!documentIds.includes(documentId))
    throw invalid(`${field}.document_id`, `document_id must be one of ${documentIds.join(', ')}`)
  return {
    ...{ id: newId('sed'), updateId, documentId, origin: 'review', format: 'question_answer', source: 'review' },
    ...{ prompt: prompt.trim(), completion: completion.trim(), kept: true, heldOut: false, reason: null },
  }
}

/** Pairs that the reviewer left alone were judged by the study. */
function checkDocument(
  edits: readonly StoredSelfEdit[],
  questions: readonly string[],
  changed: ReadonlyMap<string, { field: string }>,
): void {
  const trained = edits.filter(({ kept, heldOut }) => kept && !heldOut)
  const heldOut = edits.filter((edit) => edit.kept && edit.heldOut)
  if (trained.length === 0) throw invalid('self_edits', 'nothing would be left to train on: cancel the update instead')
  if (questions.length === 0 && heldOut.length === 0)
    throw invalid('self_edits', 'nothing would be left to ask: keep at least one self-edit that is held out')
  const asked = [...questions.map((prompt) => ({ prompt, id: '' })), ...heldOut]
  for (const edit of trained) {
    const words = contentWords(edit.prompt).join(' ')
    const same = asked.find(
      ({ prompt, id }) => (changed.has(edit.id) || changed.has(id)) && contentWords(prompt).join(' ') === words,
    )
    const field = changed.get(edit.id)?.field ?? changed.get(same?.id ?? '')?.field
    if (same !== undefined && field !== undefined)
      throw invalid(field, `it is trained and asks what measures the document: ${same.prompt}`)
  }
}

/** The callers' questions; documents without any are measured by what is held out. */
async function listQuestions(tx: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx
    .select({ id: documents.id, questions: documents.questions })
    .from(documents)
    .where(inArray(documents.id, [...ids]))
  return new Map(rows.map(({ id, questions }) => [id, (questions ?? []).map(({ question }) => question)]))
}

interface Reviewed {
  update: { id: string; documentIds: readonly string[] }
  before: readonly StoredSelfEdit[]
  after: readonly StoredSelfEdit[]
  added: readonly StoredSelfEdit[]
  questions: ReadonlyMap<string, readonly string[]>
  /** Ids. */
  changed: ReadonlySet<string>
}

async function write(tx: Db, { update, before, after, added, questions, changed }: Reviewed): Promise<void> {
  for (const { id, origin, prompt, completion, kept, heldOut, reason } of after)
    if (changed.has(id))
      await tx.update(selfEdits).set({ origin, prompt, completion, kept, heldOut, reason }).where(eq(selfEdits.id, id))
  if (added.length > 0)
    await tx.insert(selfEdits).values(added.map((edit, index) => ({ ...edit, position: before.length + index })))
  const wasHeldOut = before.filter(({ id, heldOut }) => heldOut && changed.has(id))
  for (const documentId of update.documentIds) {
    const isAsked = (questions.get(documentId) ?? []).length === 0
    if (!isAsked || !wasHeldOut.some((edit) => edit.documentId === documentId)) continue
    const probes = after
      .filter((edit) => edit.documentId === documentId && edit.kept && edit.heldOut)
      .map(({ prompt, completion }) => ({ question: prompt, answer: completion }))
    await replaceProbes(tx, documentId, 'self_made', probes)
  }
}

function invalid(field: string, message: string): AppError {
  return new AppError('invalid_request', message, { field })
}
