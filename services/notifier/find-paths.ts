// Where more about an event is to be read: in the page, for people, and in the API.
import { z } from 'zod'
import type { ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'

const shownSchema = z.object({ object: z.enum(['alert', 'update', 'practice', 'webhook']), id: z.string() })
const versionSchema = z.object({ model: z.string(), version: z.number().int() })

export interface EventPaths {
  page: string
  api: string
}

/** Undefined for what has no place of its own. */
export function findPaths({ payload }: ClaimedDelivery['event']): EventPaths | undefined {
  const shown = shownSchema.safeParse(payload)
  if (shown.success) {
    const { object, id } = shown.data
    // The page shows all endpoints on one sheet, and all practices.
    if (object === 'webhook') return { page: '/#/webhooks', api: `/v1/webhooks/${id}` }
    if (object === 'practice') return { page: '/#/practice', api: `/v1/practice/${id}` }
    return { page: `/#/${object}s/${id}`, api: `/v1/${object}s/${id}` }
  }
  const version = versionSchema.safeParse(payload)
  if (!version.success) return undefined
  return { page: '/#/versions', api: `/v1/models/${version.data.model}/versions/${version.data.version}` }
}
