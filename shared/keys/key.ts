// API keys on the wire, and what a caller may do once its key is known. The secret is in the answer to POST and nowhere
// else; what is stored is its hash.
import { z } from 'zod'

/** A key can do exactly what it names: none contains another, so that a key that only writes is possible. */
export const SCOPES = ['read', 'write', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is no name of a model')
const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length

export const keyInputSchema = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[^\p{C}]*[^\p{C}\s][^\p{C}]*$/u, 'is blank or holds control characters')
    .meta({ description: 'What it is for; people read it.', example: 'ingest job' }),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .refine(distinct, 'names a scope twice')
    .default(['read', 'write'])
    .meta({
      description: '`read`: GET and questions. `write`: what changes something. `admin`: keys and the audit log.',
    }),
  models: z
    .array(modelName)
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .meta({ description: 'The models it may see and change; null for all, those to come included.' }),
  expires_in_seconds: z
    .number()
    .int()
    .min(1)
    .max(315_360_000)
    .nullable()
    .default(null)
    .meta({ description: 'After that it is refused; null for never.' }),
  rate_per_minute: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .default(null)
    .meta({ description: "Requests a minute; null for the service's own limit." }),
})
export type KeyInput = z.infer<typeof keyInputSchema>

export const keySchema = z.object({
  object: z.literal('api_key'),
  id: z.string(),
  name: z.string(),
  hint: z.string().meta({ description: 'How its secret begins.' }),
  scopes: z.array(z.enum(SCOPES)),
  models: z.array(z.string()).nullable(),
  rate_per_minute: z.number().int().nullable(),
  created_at: z.number().int(),
  expires_at: z.number().int().nullable(),
  last_used_at: z.number().int().nullable(),
})
export type Key = z.infer<typeof keySchema>

export const keyWithSecretSchema = keySchema.extend({
  secret: z
    .string()
    .nullable()
    .meta({ description: 'Shown this once; null where an `Idempotency-Key` asks for the same answer again.' }),
})
export type KeyWithSecret = z.infer<typeof keyWithSecretSchema>

/** Models by id and, at the same places, by name. */
export interface BoundModels {
  ids: readonly string[]
  names: readonly string[]
}

/** Who calls. Everything a caller may see or change follows from this. */
export interface Caller {
  /** Of its key; `root` for the key that the service was started with. */
  id: string
  name: string
  scopes: readonly Scope[]
  /** Null: all of them. */
  models: BoundModels | null
  /** Null: what the service allows. */
  ratePerMinute: number | null
}

/** The key that the service was started with: there is always one that can make others. */
export const rootCaller: Caller = { id: 'root', name: 'root', scopes: SCOPES, models: null, ratePerMinute: null }
