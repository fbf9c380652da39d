// A version: an immutable manifest of adapters. Number 0 is the untouched base and has none.
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { roundFigure } from '../round-figure.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { tallySchema, type Tally } from '../updates/update.ts'
import { documentsOf, manifestSchema, type Manifest } from './manifest.ts'
import { toVerdictBody, verdictBodySchema, verdictSchema, type Verdict } from './verdict.ts'
import type { promotions, versions } from './versions.table.ts'

export interface Version {
  model: string
  number: number
  /** The version it was made from; null for the base. */
  parent: number | null
  updateId: string | null
  manifest: Manifest | null
  verdict: Verdict | null
  /** Of the update that made it; null for the base. */
  metrics: { learned: Tally | null; retained: Tally | null; trainedTokens: number } | null
  /** Kept whatever the model's policy says. */
  pinned: boolean
  /** When it was deleted: it answers no more. */
  deletedAt: Date | null
  createdAt: Date
  /** Every time it became the head, oldest first. */
  promotions: { reason: PromotionReason; createdAt: Date }[]
}
export type PromotionReason = 'created' | 'promoted' | 'rolled_back'

export const versionSchema = z.object({
  object: z.literal('version'),
  /** `name@vN`, as questions may address it. */
  id: z.string(),
  model: z.string(),
  version: z.number().int(),
  parent: z.number().int().nullable(),
  update_id: z.string().nullable(),
  manifest: z
    .object({
      base: z.object({ id: z.string(), sha256: z.string() }),
      adapters: z.array(
        z.object({
          key: z.string(),
          sha256: z.string(),
          /** Null for an adapter of several documents. */
          document: z.string().nullable(),
          documents: z.array(z.string()),
          scale: z.number(),
          /** Where several trained ones were made one: what was cut off (Frobenius norms, added up over the cuts); else null. */
          folded: z.object({ adapters: z.number().int(), rank: z.number().int(), error: z.number() }).nullable(),
        }),
      ),
      router: z
        .object({ kind: z.literal('bm25'), margin: z.number(), score_min: z.number(), evidence_min: z.number() })
        .nullable(),
    })
    .nullable(),
  verdict: verdictBodySchema.nullable(),
  /** What its update came to: probes of the new documents and of the older ones, tokens over all epochs. */
  metrics: z
    .object({ learned: tallySchema.nullable(), retained: tallySchema.nullable(), trained_tokens: z.number().int() })
    .nullable(),
  promotions: z.array(
    z.object({ reason: z.enum(['created', 'promoted', 'rolled_back']), created_at: z.number().int() }),
  ),
  pinned: z.boolean().meta({ description: 'Kept whatever `keep_versions` says.' }),
  deleted_at: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Deleted it answers no more; what is known of it stays.' }),
  created_at: z.number().int(),
})
export type VersionBody = z.infer<typeof versionSchema>

/** Throws `internal` when what is stored does not parse: an answer from a misread manifest would be a wrong answer. */
export function toVersion(
  { row, metrics }: { row: typeof versions.$inferSelect; metrics: Version['metrics'] },
  model: string,
  history: readonly (typeof promotions.$inferSelect)[],
): Version {
  const manifest = manifestSchema.nullable().safeParse(row.manifest)
  const verdict = verdictSchema.nullable().safeParse(row.verdict)
  if (!manifest.success || !verdict.success) {
    const cause = manifest.error ?? verdict.error
    throw new AppError('internal', `version ${row.number} of ${model} is stored in a form that cannot be read`, {
      cause,
    })
  }
  return {
    model,
    number: row.number,
    parent: row.parent,
    updateId: row.updateId,
    manifest: manifest.data,
    verdict: verdict.data,
    metrics,
    pinned: row.pinned,
    deletedAt: row.deletedAt,
    createdAt: row.createdAt,
    promotions: history.map(({ reason, createdAt }) => ({ reason, createdAt })),
  }
}

export function toVersionBody(version: Version): VersionBody {
  const { manifest, verdict, metrics } = version
  return {
    object: 'version',
    id: `${version.model}@v${version.number}`,
    model: version.model,
    version: version.number,
    parent: version.parent,
    update_id: version.updateId,
    manifest: manifest === null ? null : toManifestBody(manifest),
    verdict: verdict === null ? null : toVerdictBody(verdict),
    metrics: metrics && {
      learned: metrics.learned,
      retained: metrics.retained,
      trained_tokens: metrics.trainedTokens,
    },
    promotions: version.promotions.map(({ reason, createdAt }) => ({ reason, created_at: unixSeconds(createdAt) })),
    pinned: version.pinned,
    deleted_at: version.deletedAt === null ? null : unixSeconds(version.deletedAt),
    created_at: unixSeconds(version.createdAt),
  }
}

function toManifestBody({ base, adapters, router }: Manifest): NonNullable<VersionBody['manifest']> {
  return {
    base,
    adapters: adapters.map(({ folded, ...entry }) => ({
      ...entry,
      documents: [...documentsOf(entry)],
      folded: folded === undefined ? null : { ...folded, error: roundFigure(folded.error) },
    })),
    router: router === null ? null : toRouterBody(router),
  }
}

function toRouterBody({ kind, margin, scoreMin, evidenceMin }: NonNullable<Manifest['router']>) {
  return { kind, margin, score_min: scoreMin, evidence_min: evidenceMin }
}
