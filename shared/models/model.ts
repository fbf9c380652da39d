// A model: a registered, continually updated thing with a base, settings and versions.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import type { models } from './models.table.ts'

const STRATEGIES = ['routed'] as const

export const modelSettingsSchema = z.object({
  strategy: z.enum(STRATEGIES).default('routed'),
  gate: z
    .object({
      /** One-sided p-value of the pooled exact McNemar test under which old knowledge counts as damaged. */
      regressionAlpha: z.number().gt(0).lt(1).default(0.05),
      /** A candidate that damages old knowledge is rejected rather than promoted with an alert. */
      rejectOnRegression: z.boolean().default(true),
    })
    .prefault({}),
})
export type ModelSettings = z.infer<typeof modelSettingsSchema>

export interface Model {
  id: string
  name: string
  base: string
  settings: ModelSettings
  /** Version 0 is the untouched base. */
  headVersion: number
  createdAt: Date
}

/** On the wire: OpenAI's model object and more; the name is the id. */
export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  created_at: z.number().int(),
  owned_by: z.string(),
  base: z.string(),
  settings: z.object({
    strategy: z.enum(STRATEGIES),
    gate: z.object({ regression_alpha: z.number(), reject_on_regression: z.boolean() }),
  }),
  head_version: z.number().int(),
})
export type ModelBody = z.infer<typeof modelSchema>

/** Settings are parsed: a setting added later gets its default in old rows. */
export function toModel(row: typeof models.$inferSelect): Model {
  return { ...row, settings: modelSettingsSchema.parse(row.settings) }
}

export function toModelBody(model: Model): ModelBody {
  const created = unixSeconds(model.createdAt)
  const { strategy, gate } = model.settings
  return {
    id: model.name,
    object: 'model',
    created,
    created_at: created,
    owned_by: 'palimpsest',
    base: model.base,
    settings: {
      strategy,
      gate: { regression_alpha: gate.regressionAlpha, reject_on_regression: gate.rejectOnRegression },
    },
    head_version: model.headVersion,
  }
}
