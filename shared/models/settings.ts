// How a model learns and what it may forget. Stored as JSON with its defaults filled in; on the wire in snake_case, where a
// change names only what changes and `null` takes a limit away.
import { z } from 'zod'
import { SELF_EDIT_FORMATS } from '../self-edits/self-edit.ts'

export const STRATEGIES = ['routed', 'replay', 'sequential'] as const
export type StrategyName = (typeof STRATEGIES)[number]

const alpha = z.number().gt(0).lt(1)
const share = z.number().min(0).max(1)
const limit = z.number().positive()
const margin = z.number().min(1).max(100)
/** From some minutes to a year. */
const hours = z.number().min(0.1).max(8_760)
const tokens = z.number().int().min(1_000).max(10_000_000)
const keep = z.number().int().min(1).max(1_000_000)
/** Half of what is trained at most: the documents are what an update is for. */
const genericShare = z.number().min(0).max(0.5)

/** Of the token budget, relative to each other; what is left out is not written. `given`: what the caller gave. */
const sharesSchema = z
  .partialRecord(z.enum([...SELF_EDIT_FORMATS, 'given']), z.number().min(0).max(1_000))
  .refine((shares) => Object.values(shares).some((value) => value > 0), 'name at least one format with a share above 0')

const gateSchema = z.object({
  /** One-sided level of the pooled test on log-likelihoods (services/monitor/judge-retention.ts), of which damage is judged. */
  regressionAlpha: alpha.default(0.05),
  /** A candidate that damages old knowledge is clipped or rejected rather than promoted with an alert. */
  rejectOnRegression: z.boolean().default(true),
  /** Share of the older questions that a candidate may answer right less often than its parent; null: any. */
  accuracyDropMax: share.nullable().default(null),
  /** How much less likely the older questions' answers may become, bits a token, against the parent; null: any. */
  bitsPerTokenMax: limit.nullable().default(null),
  /** KL(base || candidate) in bits on general prompts, mean over tokens; null: any. */
  klBitsMax: limit.nullable().default(null),
})
export type Gate = z.infer<typeof gateSchema>

export const modelSettingsSchema = z.object({
  strategy: z.enum(STRATEGIES).default('routed'),
  gate: gateSchema.prefault({}),
  replay: z
    .object({
      /** Tokens that one update trains, all epochs together. */
      tokensMax: tokens.default(60_000),
      /**
       * Of the tokens trained, the share that is general questions, answered by the base itself. Consolidation keeps to it
       * too, and sequential, where the version before answers them.
       */
      genericShare: genericShare.default(0),
    })
    .prefault({}),
  /** Null: what the trainer does by itself. */
  study: z
    .object({
      shares: sharesSchema.nullable().default(null),
      /** Tokens that training runs for a document of up to about 660 words, over all epochs, and for each 220 beyond. */
      trainedTokensMax: tokens.nullable().default(null),
    })
    .prefault({}),
  /** How the next version finds the document of a question (shared/router/router.ts); null: as the service does by itself. */
  router: z
    .object({
      margin: margin.nullable().default(null),
      scoreMin: share.nullable().default(null),
      evidenceMin: share.nullable().default(null),
    })
    .prefault({}),
  /** A regression of the head found by a later evaluation makes the parent version the head again. */
  autoRollback: z.boolean().default(false),
  /** The head is evaluated again when its last evaluation is so old; null: only when asked. */
  reevaluateHours: hours.nullable().default(null),
  /** Versions that are kept besides those that are relied on (shared/versions/prune-versions.ts); null: all. */
  keepVersions: keep.nullable().default(null),
})
export type ModelSettings = z.infer<typeof modelSettingsSchema>

/** The limits of STABLE (arXiv 2510.16089), which it uses one at a time; here all of them hold. */
const GATE_PRESETS = {
  default: gateSchema.parse({}),
  stable: gateSchema.parse({ accuracyDropMax: 0.07, bitsPerTokenMax: 0.08, klBitsMax: 0.7 }),
} as const satisfies Record<string, Gate>

export const settingsBodySchema = z.object({
  strategy: z.enum(STRATEGIES),
  gate: z.object({
    regression_alpha: z.number(),
    reject_on_regression: z.boolean(),
    accuracy_drop_max: z.number().nullable(),
    bits_per_token_max: z.number().nullable(),
    kl_bits_max: z.number().nullable(),
  }),
  replay: z.object({ tokens_max: z.number().int(), generic_share: z.number() }),
  study: z.object({ shares: sharesSchema.nullable(), trained_tokens_max: z.number().int().nullable() }),
  router: z.object({
    margin: z.number().nullable(),
    score_min: z.number().nullable(),
    evidence_min: z.number().nullable(),
  }),
  auto_rollback: z.boolean(),
  reevaluate_hours: z.number().nullable(),
  keep_versions: z.number().int().nullable(),
})
type SettingsBody = z.infer<typeof settingsBodySchema>

/** A change: what is absent stays. A preset replaces the whole gate before the fields beside it apply. */
export const settingsPatchSchema = z.strictObject({
  strategy: z.enum(STRATEGIES).optional(),
  gate: z
    .strictObject({
      preset: z.enum(['default', 'stable']).optional(),
      regression_alpha: alpha.optional(),
      reject_on_regression: z.boolean().optional(),
      accuracy_drop_max: share.nullable().optional(),
      bits_per_token_max: limit.nullable().optional(),
      kl_bits_max: limit.nullable().optional(),
    })
    .optional(),
  replay: z.strictObject({ tokens_max: tokens.optional(), generic_share: genericShare.optional() }).optional(),
  study: z
    .strictObject({ shares: sharesSchema.nullable().optional(), trained_tokens_max: tokens.nullable().optional() })
    .optional(),
  router: z
    .strictObject({
      margin: margin.nullable().optional(),
      score_min: share.nullable().optional(),
      evidence_min: share.nullable().optional(),
    })
    .optional(),
  auto_rollback: z.boolean().optional(),
  reevaluate_hours: hours.nullable().optional(),
  keep_versions: keep.nullable().optional(),
})
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export function patchSettings(settings: ModelSettings, patch: SettingsPatch): ModelSettings {
  const { strategy = settings.strategy, auto_rollback: autoRollback = settings.autoRollback } = patch
  const { preset, ...gate } = patch.gate ?? {}
  const before = preset === undefined ? settings.gate : GATE_PRESETS[preset]
  const or = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value)
  return {
    strategy,
    gate: {
      regressionAlpha: or(gate.regression_alpha, before.regressionAlpha),
      rejectOnRegression: or(gate.reject_on_regression, before.rejectOnRegression),
      accuracyDropMax: or(gate.accuracy_drop_max, before.accuracyDropMax),
      bitsPerTokenMax: or(gate.bits_per_token_max, before.bitsPerTokenMax),
      klBitsMax: or(gate.kl_bits_max, before.klBitsMax),
    },
    replay: {
      tokensMax: or(patch.replay?.tokens_max, settings.replay.tokensMax),
      genericShare: or(patch.replay?.generic_share, settings.replay.genericShare),
    },
    study: {
      shares: or(patch.study?.shares, settings.study.shares),
      trainedTokensMax: or(patch.study?.trained_tokens_max, settings.study.trainedTokensMax),
    },
    router: {
      margin: or(patch.router?.margin, settings.router.margin),
      scoreMin: or(patch.router?.score_min, settings.router.scoreMin),
      evidenceMin: or(patch.router?.evidence_min, settings.router.evidenceMin),
    },
    autoRollback,
    reevaluateHours: or(patch.reevaluate_hours, settings.reevaluateHours),
    keepVersions: or(patch.keep_versions, settings.keepVersions),
  }
}

export function toSettingsBody(settings: ModelSettings): SettingsBody {
  const { strategy, gate, replay, study, router, autoRollback, reevaluateHours, keepVersions } = settings
  return {
    strategy,
    gate: {
      regression_alpha: gate.regressionAlpha,
      reject_on_regression: gate.rejectOnRegression,
      accuracy_drop_max: gate.accuracyDropMax,
      bits_per_token_max: gate.bitsPerTokenMax,
      kl_bits_max: gate.klBitsMax,
    },
    replay: { tokens_max: replay.tokensMax, generic_share: replay.genericShare },
    study: { shares: study.shares, trained_tokens_max: study.trainedTokensMax },
    router: { margin: router.margin, score_min: router.scoreMin, evidence_min: router.evidenceMin },
    auto_rollback: autoRollback,
    reevaluate_hours: reevaluateHours,
    keep_versions: keepVersions,
  }
}
