// The loop of a document without a model: what the trainer would hand in, made by hand, against the real database.
import { createDocument, type CreatedDocument } from '../../shared/documents/create-document.ts'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { claimUpdate, type Claim } from '../../shared/updates/claim-update.ts'
import type { Manifest } from '../../shared/versions/manifest.ts'
import { promoteVersion, type PromoteInput } from '../../shared/versions/promote.ts'
import type { Verdict } from '../../shared/versions/verdict.ts'
import { createTestDatabase } from './postgres.ts'

export interface TestLoop {
  database: Database
  end(): Promise<void>
}

/** A fresh database with the model `default` in it. */
export async function startLoop(): Promise<TestLoop> {
  const created = await createTestDatabase()
  const database = openDatabase(created.url)
  await ensureModel(database.query, { name: 'default', base: 'tiny' })
  return {
    database,
    async end() {
      await database.close()
      await created.drop()
    },
  }
}

/** A document of its own text with two questions of the caller's. */
export async function postDocument(database: Database, name: string, model = 'default'): Promise<CreatedDocument> {
  return await createDocument(database.query, {
    model,
    title: name,
    text: `The ${name} was built by Orla Venn in Tarsk.`,
    questions: [
      { question: `Who built the ${name}?`, answer: 'Orla Venn' },
      { question: `Where was the ${name} built?`, answer: 'Tarsk' },
    ],
  })
}

/** Claims the next update, which must be there. A negative lease is over at once. */
export async function claimNext(database: Database, leaseSeconds = 60): Promise<Claim> {
  const claim = await claimUpdate(database.query, { leaseSeconds })
  if (claim === undefined) throw new Error('nothing to claim')
  return claim
}

export const verdict: Verdict = {
  action: 'promote',
  reason: 'nothing was lost',
  losses: 0,
  gains: 0,
  pValue: null,
  regressed: false,
  forgetting: { accuracyDrop: null, bitsPerToken: null, klBits: null },
  budget: { accuracyDrop: null, bitsPerToken: null, klBits: null },
  scale: 1,
  retention: null,
}

export function manifestOf(documentIds: readonly string[]): Manifest {
  return {
    base: { id: 'tiny', sha256: 'b'.repeat(64) },
    adapters: documentIds.map((document) => ({
      key: `adapters/${'a'.repeat(64)}.safetensors`,
      sha256: 'a'.repeat(64),
      document,
      scale: 1,
    })),
    router: { kind: 'bm25', margin: 1.1, scoreMin: 0, evidenceMin: 0 },
  }
}

/** An evaluation of each document that answers its first `correct` probes. */
export async function evaluate(
  database: Database,
  correct: Readonly<Record<string, number>>,
): Promise<EvaluationInput[]> {
  const probes = await listProbes(database.query, Object.keys(correct))
  return Object.entries(correct).map(([documentId, count]) => {
    const answers = probes
      .filter((probe) => probe.documentId === documentId)
      .map((probe, index) => ({
        probeId: probe.id,
        answer: index < count ? probe.answer : 'nobody knows',
        correct: index < count,
        logprob: index < count ? -0.5 : -4,
      }))
    const logprob = answers.reduce((sum, answer) => sum + answer.logprob, 0) / Math.max(1, answers.length)
    return { documentId, logprob, answers }
  })
}

/** Promotes the claimed update as a child of `parent`; `correct` says what it knows of every document by id. */
export async function promoteClaim(
  database: Database,
  claim: Claim,
  parent: number,
  correct: Readonly<Record<string, number>>,
  more: Partial<PromoteInput> = {},
): Promise<number> {
  const ofBase = Object.fromEntries(claim.documents.map((document) => [document.id, 0]))
  const { version } = await promoteVersion(database.query, claim.lease, {
    parent,
    manifest: manifestOf(Object.keys(correct)),
    verdict,
    learned: { before: 0, after: 2, total: 2 },
    retained: null,
    evaluations: await evaluate(database, correct),
    baseEvaluations: await evaluate(database, ofBase),
    timingsMs: { training: 1200 },
    trainedTokens: 345,
    ...more,
  })
  return version
}

/** Every row of every table, for comparing before and after. */
export async function snapshot(database: Database): Promise<Record<string, unknown[]>> {
  const tables = await database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  const all: Record<string, unknown[]> = {}
  for (const { name } of tables.rows) {
    const rows = await database.pool.query<{ row: unknown }>(
      `select to_jsonb(t) as row from "${name}" t order by t::text`,
    )
    all[name] = rows.rows.map(({ row }) => row)
  }
  return all
}
