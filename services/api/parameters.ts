// Parts of requests that several routes share.
import { z } from 'zod'
import { pageQuerySchema } from '../../shared/page.ts'

/** Printable, so that an `after` can be looked up and quoted: Postgres refuses U+0000. */
export const pageQuery = pageQuerySchema.extend({
  limit: pageQuerySchema.shape.limit.meta({ description: 'How many at most.' }),
  after: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'is the `last_id` of the page before')
    .optional()
    .meta({ description: 'The `last_id` of the page before; the list goes on behind it.' }),
})

/** The id of one thing, e.g. `doc_01k3...`. What has another shape does not exist. */
export function idParameter(prefix: string) {
  return z.object({
    id: z
      .string()
      .regex(/^[\w-]{1,64}$/, `An id looks like ${prefix}_01k3…`)
      .meta({ description: `The id, \`${prefix}_…\`.`, example: `${prefix}_01kb2g7qv5n8r4t6w9y1z3x5c7` }),
  })
}

export const modelNameParameter = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'The name of a model has letters, digits, ".", "_" and "-"')
    .meta({ description: 'The name of the model.', example: 'default' }),
})

export const versionParameter = modelNameParameter.extend({
  version: z
    .string()
    .regex(/^v?\d{1,9}$/, 'A version is a number, like 3')
    .meta({ description: 'The number; 0 is the base.', example: '3' }),
})

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .meta({ description: 'The same key and body again within a day give the same answer and do nothing.' }),
})

export const ifMatchHeader = z.object({
  'if-match': z.string().optional().meta({ description: 'The `ETag` that GET gave: 412 where it is not so any more.' }),
})

export const ofModelQuery = z.object({
  model: modelNameParameter.shape.name.optional().meta({ description: 'Only those of this model.' }),
})

/** Postgres's integer ends at 2^31 - 1. */
export const versionNumber = z.int32().min(0)
