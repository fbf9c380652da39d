// A model: a registered, continually updated thing with a base, settings and versions.
import { z } from 'zod'

export const STRATEGIES = ['routed'] as const

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
