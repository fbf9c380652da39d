// Probes are replaced, never edited: answers that were given refer to them. A replaced probe is retired.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { newId } from '../ids.ts'
import { storableText } from '../storable-text.ts'
import { withLease, type Lease } from '../updates/lease.ts'
import type { Probe, ProbeSource } from './probe.ts'
import { probes } from './probes.table.ts'

/**
 * Replaces the document's probes of the sources given (self-made ones when the list is empty). Throws `lease_lost`.
 */
export async function saveProbes(
  db: Db,
  lease: Lease,
  documentId: string,
  list: readonly Pick<Probe, 'question' | 'answer' | 'source'>[],
): Promise<void> {
  await withLease(db, lease, async (tx) => {
    for (const source of new Set<ProbeSource>(['self_made', ...list.map((probe) => probe.source)])) {
      const ofSource = list.filter((probe) => probe.source === source)
      await replaceProbes(tx, documentId, source, ofSource)
    }
  })
}

/** Inside a transaction that may: the caller's when a document is taken, self-made ones by the holder of a lease. */
export async function replaceProbes(
  tx: Db,
  documentId: string,
  source: ProbeSource,
  list: readonly Pick<Probe, 'question' | 'answer'>[],
): Promise<void> {
  await tx
    .update(probes)
    .set({ retiredAt: sql`now()` })
    .where(and(eq(probes.documentId, documentId), eq(probes.source, source), isNull(probes.retiredAt)))
  if (list.length === 0) return
  await tx.insert(probes).values(
    list.map(({ question, answer }, position) => ({
      id: newId('prb'),
      documentId,
      position,
      question: storableText(question),
      answer: storableText(answer),
      source,
    })),
  )
}

/**
 * The probes that count for these documents, by document and position: the caller's where the caller gave questions,
 * the self-made ones elsewhere.
 */
export async function listProbes(db: Db, documentIds: readonly string[]): Promise<Probe[]> {
  if (documentIds.length === 0) return []
  const rows = await db
    .select()
    .from(probes)
    .where(and(inArray(probes.documentId, [...documentIds]), isNull(probes.retiredAt)))
    .orderBy(probes.documentId, probes.position)
  const withCaller = new Set(rows.filter((row) => row.source === 'caller').map((row) => row.documentId))
  return rows
    .filter((row) => row.source === 'caller' || !withCaller.has(row.documentId))
    .map(({ id, documentId, question, answer, source }) => ({ id, documentId, question, answer, source }))
}
