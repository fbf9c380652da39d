// A model: a registered, continually updated thing with a base, settings and versions.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import type { models } from './models.table.ts'
import { modelSettingsSchema, settingsBodySchema, toSettingsBody, type ModelSettings } from './settings.ts'

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
  settings: settingsBodySchema,
  head_version: z.number().int(),
  /** Where the id is `name@vN` or `name@alias`: the version it stands for. */
  version: z.number().int().optional(),
})
export type ModelBody = z.infer<typeof modelSchema>

/** Settings are parsed: a setting added later gets its default in old rows. */
export function toModel(row: typeof models.$inferSelect): Model {
  return { ...row, settings: modelSettingsSchema.parse(row.settings) }
}

export function toModelBody(model: Model): ModelBody {
  const created = unixSeconds(model.createdAt)
  return {
    id: model.name,
    object: 'model',
    created,
    created_at: created,
    owned_by: 'palimpsest',
    base: model.base,
    settings: toSettingsBody(model.settings),
    head_version: model.headVersion,
  }
}
