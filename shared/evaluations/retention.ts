// The retention matrix of a model: a row for each version (row 0 the base), a column for each document that a version
// holds, each cell how the document's probes went. Null where a version was not asked: before the document came, and in
// versions that a rollback parted from it.
import { and, asc, desc, eq, inArray, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { documents as documentsTable } from '../documents/documents.table.ts'
import { getModel } from '../models/get-model.ts'
import { roundFigure } from '../round-figure.ts'
import { updates } from '../updates/updates.table.ts'
import { versions as versionsTable } from '../versions/versions.table.ts'
import { evaluations } from './evaluations.table.ts'
import { retentionFigures, type LearnedDocument, type RetentionCell } from './retention-figures.ts'

const figureSchema = z.number().nullable()
const cellSchema = z.object({ correct: z.number().int(), total: z.number().int(), logprob: z.number() })

export const retentionSchema = z.object({
  object: z.literal('retention'),
  model: z.string(),
  /** The version that answers. */
  head: z.number().int(),
  /** The rows, ascending from 0. */
  versions: z.array(z.number().int()),
  /** The columns, in the order of learning; `version` is the one that first held the document. */
  documents: z.array(z.object({ id: z.string(), title: z.string(), version: z.number().int() })),
  matrix: z.array(z.array(cellSchema.nullable())),
  acc: figureSchema,
  bwt: figureSchema,
  forgetting: figureSchema,
  learned: figureSchema,
  base: figureSchema,
  retained: figureSchema,
})
export type Retention = z.infer<typeof retentionSchema>

interface VersionNode {
  number: number
  parent: number | null
  documentIds: string[]
}

/** `model` is a name. Throws `not_found`. One snapshot: a promotion in between shows wholly or not at all. */
export async function getRetention(db: Db, model: string): Promise<Retention> {
  return await db.transaction(
    async (tx) => {
      const { id, headVersion } = await getModel(tx, model)
      const nodes = await listNodes(tx, id)
      const columns = await listColumns(tx, nodes)
      const matrix = await readMatrix(tx, id, nodes, columns)
      const cell = (version: number, column: number): RetentionCell | null => matrix[version]?.[column] ?? null
      const lineage = lineageOf(nodes, headVersion)
      const { acc, bwt, forgetting, learned, base, retained } = retentionFigures(
        cell,
        lineage.map((node) => node.number),
        learnedDocuments(lineage, columns),
      )
      return {
        object: 'retention',
        model,
        head: headVersion,
        versions: nodes.map((node) => node.number),
        documents: columns,
        matrix,
        acc: roundFigure(acc),
        bwt: roundFigure(bwt),
        forgetting: roundFigure(forgetting),
        learned: roundFigure(learned),
        base: roundFigure(base),
        retained: roundFigure(retained),
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** Ascending; numbers have no gaps (versions/promote.ts), so a version's number is its row. */
async function listNodes(tx: Db, modelId: string): Promise<VersionNode[]> {
  const rows = await tx
    .select({ number: versionsTable.number, parent: versionsTable.parent, documentIds: updates.documentIds })
    .from(versionsTable)
    .leftJoin(updates, eq(updates.id, versionsTable.updateId))
    .where(eq(versionsTable.modelId, modelId))
    .orderBy(asc(versionsTable.number))
  return rows.map((row) => ({ ...row, documentIds: row.documentIds ?? [] }))
}

async function listColumns(tx: Db, nodes: readonly VersionNode[]): Promise<Retention['documents']> {
  const first = new Map<string, number>()
  for (const node of nodes) {
    for (const id of node.documentIds) if (!first.has(id)) first.set(id, node.number)
  }
  if (first.size === 0) return []
  const rows = await tx
    .select({ id: documentsTable.id, title: documentsTable.title })
    .from(documentsTable)
    .where(inArray(documentsTable.id, [...first.keys()]))
  const titles = new Map(rows.map((row) => [row.id, row.title]))
  return [...first].map(([id, version]) => ({ id, title: titles.get(id) ?? '', version }))
}

/** The latest evaluation of a version counts. */
async function readMatrix(
  tx: Db,
  modelId: string,
  nodes: readonly VersionNode[],
  columns: Retention['documents'],
): Promise<(RetentionCell | null)[][]> {
  const matrix = nodes.map(() => columns.map((): RetentionCell | null => null))
  const columnOf = new Map(columns.map(({ id }, column) => [id, column]))
  const rows = await tx
    .selectDistinctOn([evaluations.version, evaluations.documentId])
    .from(evaluations)
    .where(and(eq(evaluations.modelId, modelId), isNotNull(evaluations.version)))
    .orderBy(evaluations.version, evaluations.documentId, desc(evaluations.createdAt), desc(evaluations.id))
  for (const { version, documentId, correct, total, logprob } of rows) {
    const row = version === null ? undefined : matrix[version]
    const column = columnOf.get(documentId)
    if (row !== undefined && column !== undefined) row[column] = { correct, total, logprob: roundFigure(logprob) }
  }
  return matrix
}

/** The versions that the head is made of, ascending, without the base. */
function lineageOf(nodes: readonly VersionNode[], head: number): VersionNode[] {
  const lineage: VersionNode[] = []
  for (let at = nodes[head]; at !== undefined && at.number > 0; at = nodes[at.parent ?? 0]) lineage.unshift(at)
  return lineage
}

function learnedDocuments(lineage: readonly VersionNode[], columns: Retention['documents']): LearnedDocument[] {
  return columns.flatMap(({ id }, column) => {
    // Versions that a rollback left behind are not of the head's line.
    const version = lineage.findLast((node) => node.documentIds.includes(id))?.number
    return version === undefined ? [] : [{ column, version }]
  })
}
