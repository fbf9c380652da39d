// Endpoints as the wire shows them. The secret is shown once, when it is made or rotated.
import { z } from 'zod'

export const EVENT_TYPES = [
  'update.promoted',
  'update.rejected',
  'update.failed',
  /** It was asked to stop before training; somebody has to look. */
  'update.awaiting_review',
  'practice.promoted',
  'practice.rejected',
  'practice.failed',
  'retention.regressed',
  'retention.recovered',
  'version.rolled_back',
  /** Another endpoint was switched off. */
  'webhook.disabled',
] as const
export type WantedEvent = (typeof EVENT_TYPES)[number]
/** `webhook.test` is not subscribed to: it goes to the endpoint that asked for it. */
export type EventType = WantedEvent | 'webhook.test'

/** In an endpoint's events: all of them, those to come included. */
export const EVERY_EVENT = '*'
export type EventFilter = WantedEvent | typeof EVERY_EVENT
const wantedEventsSchema = z.array(z.enum([EVERY_EVENT, ...EVENT_TYPES])).min(1)

/** 24 to 64 bytes in base64 behind `whsec_`, as Standard Webhooks wants it. */
const webhookSecretSchema = z
  .string()
  .refine(isWebhookSecret, 'must be "whsec_" followed by 24 to 64 random bytes in base64')

export const webhookInputSchema = z.object({
  url: z.string().max(2000),
  events: wantedEventsSchema.optional().meta({ description: '`*`, or when absent: all, those to come included.' }),
  /** Made here when absent. */
  secret: webhookSecretSchema.optional(),
})
export type WebhookInput = z.infer<typeof webhookInputSchema>

export const webhookPatchSchema = z
  .object({
    url: z.string().max(2000).optional(),
    events: wantedEventsSchema.optional(),
    /** true also takes an endpoint back that was switched off. */
    enabled: z.boolean().optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change something')
export type WebhookPatch = z.infer<typeof webhookPatchSchema>

export const webhookSchema = z.object({
  object: z.literal('webhook'),
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** By name, what it is told about; null for all, those to come included. */
  models: z.array(z.string()).nullable(),
  disabled_reason: z.string().nullable(),
  /** When it was switched off without being asked to be. */
  disabled_at: z.number().int().nullable(),
  /** The first of the failures since anything was delivered; days of them switch the endpoint off. */
  failing_since: z.number().int().nullable(),
  /** The endpoint asked for patience; nothing is sent to it before. */
  held_until: z.number().int().nullable(),
  created_at: z.number().int(),
})
export type Webhook = z.infer<typeof webhookSchema>

export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string() })
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>

export const rotationInputSchema = z.object({
  /** Made here when absent. */
  secret: webhookSecretSchema.optional(),
  /** The old secrets are no longer used from now on: for one that has leaked. */
  revoke_previous: z.boolean().optional(),
})
export type RotationInput = z.infer<typeof rotationInputSchema>

function isWebhookSecret(secret: string): boolean {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)
  if (match?.[1] === undefined) return false
  const bytes = Buffer.from(match[1], 'base64')
  return bytes.toString('base64') === match[1] && bytes.length >= 24 && bytes.length <= 64
}
