// What stands behind an answer: the self-edits that a version was trained on about a document, those closest to the
// question first. Weights do not say which row they owe an answer to; likeness of words is what can be shown.
import { and, asc, desc, eq, lte } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { updates } from '../updates/updates.table.ts'
import { versions } from '../versions/versions.table.ts'
import { contentWords } from '../words.ts'
import { selfEdits } from './self-edits.table.ts'

export interface SelfEditsBehind {
  /** Whose study they are from. */
  updateId: string
  /** All that were trained. */
  total: number
  /** At most three. */
  closest: { id: string; prompt: string; completion: string }[]
}

const closestMax = 3

/**
 * Of one document in one version of a model: those of the latest study that the version can have been trained on.
 * Undefined for the base, and for a document that the version was not taught.
 */
export async function findSelfEditsBehind(
  db: Db,
  { modelId, version, documentId }: { modelId: string; version: number; documentId: string },
  words: string,
): Promise<SelfEditsBehind | undefined> {
  const made = db
    .select({ sequence: updates.sequence })
    .from(versions)
    .innerJoin(updates, eq(updates.id, versions.updateId))
    .where(and(eq(versions.modelId, modelId), eq(versions.number, version)))
  const [study] = await db
    .select({ id: updates.id })
    .from(selfEdits)
    .innerJoin(updates, eq(updates.id, selfEdits.updateId))
    .where(and(eq(selfEdits.documentId, documentId), eq(updates.modelId, modelId), lte(updates.sequence, made)))
    .orderBy(desc(updates.sequence))
    .limit(1)
  if (study === undefined) return undefined
  const { id, prompt, completion } = selfEdits
  const trained = await db
    .select({ id, prompt, completion })
    .from(selfEdits)
    .where(
      and(
        eq(selfEdits.updateId, study.id),
        eq(selfEdits.documentId, documentId),
        eq(selfEdits.kept, true),
        eq(selfEdits.heldOut, false),
      ),
    )
    .orderBy(asc(selfEdits.position))
  const wanted = new Set(contentWords(words))
  const likeness = (edit: (typeof trained)[number]): number =>
    new Set(contentWords(`${edit.prompt} ${edit.completion}`).filter((word) => wanted.has(word))).size
  const ranked = trained.map((edit) => ({ edit, shared: likeness(edit) })).sort((a, b) => b.shared - a.shared)
  const closest = ranked.filter(({ shared }) => shared > 0).slice(0, closestMax)
  return { updateId: study.id, total: trained.length, closest: closest.map(({ edit }) => edit) }
}
