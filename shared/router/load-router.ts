// The router of a version, from the texts of its documents and the questions the model wrote about them. Trainer and
// inference both get it here, so a version is asked the way it was measured. Held-out questions are probes and stay
// out, and so do the caller's.
import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import { AppError } from '../errors.ts'
import { selfEdits } from '../self-edits/self-edits.table.ts'
import { updates } from '../updates/updates.table.ts'
import { documentsTaught } from '../versions/manifest.ts'
import type { Manifest } from '../versions/manifest.ts'
import { buildRouter, ROUTER_DEFAULTS } from './router.ts'
import type { Router } from './router.ts'

const baseAlone: Router = () => ({ documentId: null, ranking: [] })

/**
 * Routes to the documents that the manifest was taught; version 0 (null) was taught none. A manifest without a router
 * does not choose its adapters by the route, but a route still says what a question is about. Throws
 * `adapter_unavailable` when a document of the manifest has no row any more.
 */
export async function loadRouter(db: Db, manifest: Manifest | null): Promise<Router> {
  const ids = documentsTaught(manifest)
  if (ids.length === 0) return baseAlone
  const { id, title, text } = documents
  const rows = await db.select({ id, title, text }).from(documents).where(inArray(id, ids))
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const questions = await listStudyQuestions(db, ids)
  const entries = ids.map((documentId) => {
    const row = rowOf.get(documentId)
    if (!row) throw new AppError('adapter_unavailable', `the version names document ${documentId}, which is gone`)
    return { documentId, title: row.title, text: row.text, questions: questions.get(documentId) ?? [] }
  })
  return buildRouter(entries, manifest?.router ?? ROUTER_DEFAULTS)
}

/** Kept question-answer self-edits of each document's latest study. */
async function listStudyQuestions(db: Db, documentIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .select({ documentId: selfEdits.documentId, question: selfEdits.prompt, sequence: updates.sequence })
    .from(selfEdits)
    .innerJoin(updates, eq(updates.id, selfEdits.updateId))
    .where(
      and(
        inArray(selfEdits.documentId, [...documentIds]),
        eq(selfEdits.format, 'question_answer'),
        eq(selfEdits.kept, true),
        eq(selfEdits.heldOut, false),
      ),
    )
    .orderBy(updates.sequence, selfEdits.position)
  const latest = new Map(rows.map(({ documentId, sequence }) => [documentId, sequence]))
  const questions = new Map<string, string[]>()
  for (const { documentId, question, sequence } of rows) {
    if (sequence !== latest.get(documentId)) continue
    questions.set(documentId, [...(questions.get(documentId) ?? []), question])
  }
  return questions
}
