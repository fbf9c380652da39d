// Endpoints and their deliveries as the wire shows them. The secret is shown once, when it is made or rotated.
import { z } from 'zod'

export const EVENT_TYPES = [
  'update.promoted',
  'update.rejected',
  'update.failed',
  'retention.regressed',
  'retention.recovered',
  'version.rolled_back',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** 24 to 64 bytes in base64 behind `whsec_`, as Standard Webhooks wants it. */
const webhookSecretSchema = z
  .string()
  .refine(isWebhookSecret, 'must be "whsec_" followed by 24 to 64 random bytes in base64')

export const webhookInputSchema = z.object({
  url: z.string().max(2000),
  /** All of them when absent. */
  events: z.array(z.enum(EVENT_TYPES)).min(1).optional(),
  /** Made here when absent. */
  secret: webhookSecretSchema.optional(),
})
export type WebhookInput = z.infer<typeof webhookInputSchema>

export const webhookPatchSchema = z
  .object({
    url: z.string().max(2000).optional(),
    events: z.array(z.enum(EVENT_TYPES)).min(1).optional(),
    /** true also takes an endpoint back that was disabled because it answered 410. */
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
  disabled_reason: z.string().nullable(),
  created_at: z.number().int(),
})
export type Webhook = z.infer<typeof webhookSchema>

export const webhookWithSecretSchema = webhookSchema.extend({ secret: z.string() })
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>

export const deliverySchema = z.object({
  object: z.literal('delivery'),
  id: z.string(),
  webhook_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  /** Null once delivered or given up. */
  next_attempt_at: z.number().int().nullable(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  delivered_at: z.number().int().nullable(),
  created_at: z.number().int(),
})
export type Delivery = z.infer<typeof deliverySchema>

function isWebhookSecret(secret: string): boolean {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)
  if (match?.[1] === undefined) return false
  const bytes = Buffer.from(match[1], 'base64')
  return bytes.toString('base64') === match[1] && bytes.length >= 24 && bytes.length <= 64
}
