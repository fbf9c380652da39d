// Where more about an event is to be read: the path of what its data shows, in the API.
import { z } from 'zod'
import type { ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'

const shownSchema = z.object({ object: z.enum(['alert', 'update', 'webhook']), id: z.string() })
const versionSchema = z.object({ model: z.string(), version: z.number().int() })

const folders = { alert: 'alerts', update: 'updates', webhook: 'webhooks' } as const

/** Undefined for what has no place of its own. */
export function linkPath({ payload }: ClaimedDelivery['event']): string | undefined {
  const shown = shownSchema.safeParse(payload)
  if (shown.success) return `/v1/${folders[shown.data.object]}/${shown.data.id}`
  const version = versionSchema.safeParse(payload)
  return version.success ? `/v1/models/${version.data.model}/versions/${version.data.version}` : undefined
}
